package dev.luna.api.web;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.springframework.mock.web.MockHttpServletRequest;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.method.HandlerMethod;

class KnownParametersTest {

    static final class Calls {
        public void find(@RequestParam double radiusKm, @RequestParam("price_level") int level) {}
    }

    /** A parameter that is known but not bound would be ignored. */
    @Test
    void namesAreThoseThatSpringReads() throws Exception {
        assertThatCode(() -> check("radiusKm")).doesNotThrowAnyException();
        assertThatCode(() -> check("price_level")).doesNotThrowAnyException();
        assertThatThrownBy(() -> check("radius_km")).hasMessageContaining("known are: price_level, radiusKm");
    }

    private static void check(String name) throws NoSuchMethodException {
        MockHttpServletRequest request = new MockHttpServletRequest();
        request.setQueryString(name + "=1");
        request.setParameter(name, "1");
        new KnownParameters().check(request, new HandlerMethod(new Calls(), "find", double.class, int.class));
    }
}
