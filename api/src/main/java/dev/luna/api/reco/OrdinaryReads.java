package dev.luna.api.reco;

import dev.luna.api.web.Page;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpFilter;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.http.MediaType;
import org.springframework.web.servlet.HandlerExceptionResolver;

/**
 * The short way for what nearly all clients ask: an {@link OrdinaryQuestion}. It gives the answer of {@link RecoController}
 * from the same ranking, without the framework's general ways to bind parameters and write bodies, which took several times
 * as long as the read itself. Everything else goes on to the controller.
 */
final class OrdinaryReads extends HttpFilter {

    static final String PATH = "/reco/venues/";

    private static final long serialVersionUID = 1;

    private final transient VenueRecommendations venues;
    private final transient RankingHeaders headers;
    private final transient HandlerExceptionResolver problems;

    OrdinaryReads(VenueRecommendations venues, RankingHeaders headers, HandlerExceptionResolver problems) {
        this.venues = venues;
        this.headers = headers;
        this.problems = problems;
    }

    @Override
    protected void doFilter(HttpServletRequest request, HttpServletResponse response, FilterChain chain)
            throws IOException, ServletException {
        VenueQuestion question = OrdinaryQuestion.of(request);
        if (question == null) {
            chain.doFilter(request, response);
            return;
        }
        VenueJson body;
        try {
            body = answer(question, request, response);
        } catch (RuntimeException e) {
            if (problems.resolveException(request, response, null, e) == null) {
                throw e;
            }
            return;
        }
        if (body != null) {
            response.setContentType(MediaType.APPLICATION_JSON_VALUE);
            response.setContentLength(body.length());
            body.writeTo(response.getOutputStream());
        }
    }

    /** Null when the answer has no body: the client has it. */
    private @Nullable VenueJson answer(
            VenueQuestion question, HttpServletRequest request, HttpServletResponse response) {
        KnownAnswers known = KnownAnswers.of(request);
        Optional<Answer<RecommendedVenue>> unchanged = venues.unchanged(question, known);
        if (unchanged.isPresent()) {
            response.setStatus(HttpServletResponse.SC_NOT_MODIFIED);
            addHeaders(unchanged.get(), request, response);
            return null;
        }
        VenueRecommendations.Found found = venues.find(question);
        addHeaders(found.answer(), request, response);
        if (known.include(found.answer())) {
            response.setStatus(HttpServletResponse.SC_NOT_MODIFIED);
            return null;
        }
        return VenueJson.of(found);
    }

    private void addHeaders(Answer<?> answer, HttpServletRequest request, HttpServletResponse response) {
        headers.each(answer, cursor -> Page.linkToNext(request, cursor), response::addHeader);
    }
}
