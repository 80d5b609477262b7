package dev.luna.api.web;

import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpFilter;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.Locale;
import java.util.regex.Pattern;
import org.springframework.http.HttpHeaders;

/**
 * Refuses what was sent to a name that is not this server's (RFC 9110, 7.4). Whoever has a domain can let its name lead to
 * this machine: to a browser his page and this server are then of one origin, and the page may do all that the server's own
 * may. Only the name tells them apart. An address or {@code localhost} is nobody's to redirect.
 */
final class KnownHosts extends HttpFilter {

    private static final long serialVersionUID = 1;

    private static final Pattern ADDRESS = Pattern.compile("\\[.*]|\\d+(\\.\\d+){3}");

    private final transient HttpProperties properties;
    private final transient ProblemWriter problems;

    KnownHosts(HttpProperties properties, ProblemWriter problems) {
        this.properties = properties;
        this.problems = problems;
    }

    @Override
    protected void doFilter(HttpServletRequest request, HttpServletResponse response, FilterChain chain)
            throws IOException, ServletException {
        // As it was sent. What the proxy in front says of the client's own request, a page could say as well.
        String host = request.getHeader(HttpHeaders.HOST);
        if (host == null || isKnown(name(host))) {
            chain.doFilter(request, response);
            return;
        }
        problems.write(request, response, ProblemException.misdirected(host).getBody());
    }

    private boolean isKnown(String name) {
        return name.equals("localhost")
                || name.endsWith(".localhost")
                || ADDRESS.matcher(name).matches()
                || properties.isHost(name);
    }

    /** Without the port, and without the dot that ends a full name. */
    private static String name(String host) {
        String name = host.substring(
                0, host.lastIndexOf(':') > host.lastIndexOf(']') ? host.lastIndexOf(':') : host.length());
        return (name.endsWith(".") ? name.substring(0, name.length() - 1) : name).toLowerCase(Locale.ROOT);
    }
}
