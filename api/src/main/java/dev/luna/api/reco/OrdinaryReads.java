package dev.luna.api.reco;

import dev.luna.api.web.Page;
import dev.luna.api.web.ProblemException;
import dev.luna.api.web.TextRules;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpFilter;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.Optional;
import java.util.UUID;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.springframework.dao.DataAccessException;
import org.springframework.http.HttpHeaders;
import org.springframework.http.MediaType;
import org.springframework.web.servlet.HandlerExceptionResolver;

/**
 * The short way for what nearly all clients ask: {@code GET /reco/venues/{user_id}}, with a limit at most. It gives the
 * answer of {@link RecoController} from the same ranking, without the framework's general ways to bind parameters and write
 * bodies, which took several times as long as the read itself. Whatever is asked otherwise, or wrongly, goes on to the
 * controller, so that each rule about parameters stands in one place.
 */
final class OrdinaryReads extends HttpFilter {

    static final String PATH = "/reco/venues/";

    private static final long serialVersionUID = 1;
    private static final int UUID_LENGTH = 36;
    private static final Pattern LIMIT = Pattern.compile("limit=([1-9][0-9]{0,2}|1000)");
    private static final int LIMIT_AT = "limit=".length();

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
        VenueQuestion question = question(request);
        if (question == null) {
            chain.doFilter(request, response);
            return;
        }
        byte[] body;
        try {
            body = answer(question, request, response);
        } catch (ProblemException | DataAccessException e) {
            if (problems.resolveException(request, response, null, e) == null) {
                throw e;
            }
            return;
        }
        if (body != null) {
            response.setContentType(MediaType.APPLICATION_JSON_VALUE);
            response.setContentLength(body.length);
            response.getOutputStream().write(body);
        }
    }

    /** Null when the answer has no body: the client has it. */
    private byte @Nullable [] answer(VenueQuestion question, HttpServletRequest request, HttpServletResponse response) {
        String known = request.getHeader(HttpHeaders.IF_NONE_MATCH);
        Optional<Answer<RecommendedVenue>> unchanged =
                known == null ? Optional.empty() : venues.unchanged(question, known);
        if (unchanged.isPresent()) {
            response.setStatus(HttpServletResponse.SC_NOT_MODIFIED);
            addHeaders(unchanged.get(), request, response);
            return null;
        }
        VenueRecommendations.Found found = venues.find(question);
        addHeaders(found.answer(), request, response);
        return VenueJson.of(found);
    }

    private void addHeaders(Answer<?> answer, HttpServletRequest request, HttpServletResponse response) {
        headers.each(answer, cursor -> Page.linkToNext(request, cursor), response::addHeader);
    }

    /** Null when the request is not an ordinary one. */
    private static @Nullable VenueQuestion question(HttpServletRequest request) {
        String path = request.getServletPath();
        if (!request.getMethod().equals("GET")
                || request.getPathInfo() != null
                || path.length() != PATH.length() + UUID_LENGTH
                || !acceptsJson(request.getHeader(HttpHeaders.ACCEPT))) {
            return null;
        }
        String query = request.getQueryString();
        if (query != null && !LIMIT.matcher(query).matches()) {
            return null;
        }
        String userId = path.substring(PATH.length());
        if (!TextRules.isUuid(userId)) {
            return null;
        }
        int limit =
                query == null ? RecoController.DEFAULT_LIMIT : Integer.parseInt(query, LIMIT_AT, query.length(), 10);
        return new VenueQuestion(UUID.fromString(userId), VenueFilter.NONE, limit, false, null, null);
    }

    private static boolean acceptsJson(@Nullable String accept) {
        return accept == null || accept.contains("*/*") || accept.contains(MediaType.APPLICATION_JSON_VALUE);
    }
}
