package dev.luna.api.web;

import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpFilter;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpHeaders;
import org.springframework.http.ProblemDetail;

/**
 * Refuses what a page of another site has a browser ask for by other methods than those that change nothing. Browsers send calls without a body
 * for any page, from inside whatever network they are in and with the cookies of a proxy in front; they say so in
 * {@code Sec-Fetch-Site}, or at least name the page's origin. What is no browser says neither, and is let through.
 */
final class CrossSiteFilter extends HttpFilter {

    private static final long serialVersionUID = 1;

    private static final String FETCH_SITE = "Sec-Fetch-Site";

    /** The page itself, and what the user typed or called up. */
    private static final Set<String> OWN_SITES = Set.of("same-origin", "none");

    private static final Set<String> READS = Set.of("GET", "HEAD", "OPTIONS");

    private final transient ProblemWriter problems;

    CrossSiteFilter(ProblemWriter problems) {
        this.problems = problems;
    }

    @Override
    protected void doFilter(HttpServletRequest request, HttpServletResponse response, FilterChain chain)
            throws IOException, ServletException {
        String foreign = READS.contains(request.getMethod()) ? null : foreignHeader(request);
        if (foreign == null) {
            chain.doFilter(request, response);
            return;
        }
        ProblemDetail problem = ProblemException.forbidden(
                        "%s is %s: from pages of other origins than %s, what is other than GET, HEAD and OPTIONS is refused."
                                .formatted(foreign, request.getHeader(foreign), origin(request)))
                .getBody();
        problems.write(request, response, problem);
    }

    /** The header that tells of another site's page, or null. */
    private static @Nullable String foreignHeader(HttpServletRequest request) {
        String site = request.getHeader(FETCH_SITE);
        if (site != null) {
            return OWN_SITES.contains(site) ? null : FETCH_SITE;
        }
        String page = request.getHeader(HttpHeaders.ORIGIN);
        return page == null || page.equalsIgnoreCase(origin(request)) ? null : HttpHeaders.ORIGIN;
    }

    /** Where browsers have this server, after what the proxy in front says (RFC 6454, 6.2). */
    private static String origin(HttpServletRequest request) {
        int port = request.getServerPort();
        boolean isUsualPort = port == (request.getScheme().equals("https") ? 443 : 80);
        return request.getScheme() + "://" + request.getServerName() + (isUsualPort ? "" : ":" + port);
    }
}
