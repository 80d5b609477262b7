package dev.luna.api.web;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.springframework.mock.web.MockHttpServletRequest;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.method.HandlerMethod;

class KnownParametersTest {

    static final class Calls {
        public void find(
                @RequestParam double radiusKm, @RequestParam("price_level") int level, @RequestParam String[] name) {}
    }

    /** A parameter that is known but not bound would be ignored. */
    @Test
    void namesAreThoseThatSpringReads() throws Exception {
        assertThatCode(() -> check("radiusKm")).doesNotThrowAnyException();
        assertThatCode(() -> check("price_level")).doesNotThrowAnyException();
        assertThatThrownBy(() -> check("radius_km")).hasMessageContaining("known are: name, price_level, radiusKm");
    }

    @Test
    void onlyAListMayBeGivenTwice() {
        assertThatCode(() -> check("name", "a", "b")).doesNotThrowAnyException();
        assertThatThrownBy(() -> check("radiusKm", "1", "2"))
                .hasMessageContaining("radiusKm: may be given once, but was given 2 times");
    }

    private static void check(String name) throws NoSuchMethodException {
        check(name, "1");
    }

    private static void check(String name, String... values) throws NoSuchMethodException {
        MockHttpServletRequest request = new MockHttpServletRequest();
        request.setQueryString(name + "=" + values[0]);
        request.setParameter(name, values);
        new KnownParameters()
                .check(request, new HandlerMethod(new Calls(), "find", double.class, int.class, String[].class));
    }
}
