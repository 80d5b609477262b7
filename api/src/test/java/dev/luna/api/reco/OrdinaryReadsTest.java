package dev.luna.api.reco;

import static org.assertj.core.api.Assertions.assertThat;

import jakarta.servlet.ServletException;
import java.io.IOException;
import org.junit.jupiter.api.Test;
import org.springframework.mock.web.MockFilterChain;
import org.springframework.mock.web.MockHttpServletRequest;
import org.springframework.mock.web.MockHttpServletResponse;
import org.springframework.transaction.CannotCreateTransactionException;
import org.springframework.web.servlet.ModelAndView;

class OrdinaryReadsTest {

    @Test
    void whateverAReadFailsOfIsAnsweredAsBehindTheDispatcher() throws ServletException, IOException {
        RuntimeException failure = new CannotCreateTransactionException("no connection to load the venues");
        VenueRecommendations failing = new VenueRecommendations(null, null, null) {
            @Override
            Found find(VenueQuestion question) {
                throw failure;
            }
        };
        OrdinaryReads reads = new OrdinaryReads(failing, new RankingHeaders(null), (request, response, handler, e) -> {
            response.setStatus(e == failure ? 503 : 500);
            return new ModelAndView();
        });
        MockHttpServletRequest request = new MockHttpServletRequest("GET", "");
        request.setServletPath("/reco/venues/6f8b3c52-0d5e-4c8e-9a39-0a4f2f7f1f10");
        MockHttpServletResponse response = new MockHttpServletResponse();

        reads.doFilter(request, response, new MockFilterChain());

        assertThat(response.getStatus()).isEqualTo(503);
    }
}
