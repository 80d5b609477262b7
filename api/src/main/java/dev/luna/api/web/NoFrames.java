package dev.luna.api.web;

import jakarta.servlet.Filter;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.ServletRequest;
import jakarta.servlet.ServletResponse;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;

/**
 * Nobody shows this server's pages in a frame of his own: what a user is made to press there is no call of another site's
 * page to {@link CrossSiteFilter}.
 */
final class NoFrames implements Filter {

    @Override
    public void doFilter(ServletRequest request, ServletResponse response, FilterChain chain)
            throws IOException, ServletException {
        forbid((HttpServletResponse) response);
        chain.doFilter(request, response);
    }

    static void forbid(HttpServletResponse response) {
        response.setHeader("Content-Security-Policy", "frame-ancestors 'none'");
        response.setHeader("X-Frame-Options", "DENY");
    }
}
