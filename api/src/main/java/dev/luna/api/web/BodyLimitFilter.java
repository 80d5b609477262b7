package dev.luna.api.web;

import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.ServletInputStream;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletRequestWrapper;
import jakarta.servlet.http.HttpServletResponse;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.Collections;
import java.util.function.LongSupplier;
import org.springframework.http.HttpHeaders;
import org.springframework.web.filter.OncePerRequestFilter;

/**
 * Stops reading a request body at the limit, whether its length was announced or not, and when it comes too slowly. What no
 * call has read is received and dropped for a while: were the connection cut at once, a client in the middle of sending
 * would see that instead of the answer.
 */
final class BodyLimitFilter extends OncePerRequestFilter {

    private static final String BATCH = ":batch";

    private final Limit single;
    private final Limit batch;
    private final ProblemWriter problems;
    private final LongSupplier nanoTime;

    BodyLimitFilter(HttpProperties properties, ProblemWriter problems, LongSupplier nanoTime) {
        single = new Limit(properties.maxBodySize().toBytes(), "luna.http.max-body-size");
        batch = new Limit(properties.maxBatchBodySize().toBytes(), "luna.http.max-batch-body-size");
        this.problems = problems;
        this.nanoTime = nanoTime;
    }

    private record Limit(long maxBytes, String setting) {}

    @Override
    protected void doFilterInternal(HttpServletRequest request, HttpServletResponse response, FilterChain chain)
            throws ServletException, IOException {
        long announced = request.getContentLengthLong();
        if (announced == 0 || announced < 0 && request.getHeader(HttpHeaders.TRANSFER_ENCODING) == null) {
            chain.doFilter(request, response);
            return;
        }
        // Without parameters, as the call is found by.
        String path = request.getServletPath();
        Limit limit = path.endsWith(BATCH) || path.endsWith(BATCH + "/") ? batch : single;
        // From here on the container itself reads no parameters from the body.
        GuardedBody body = new GuardedBody(request.getInputStream(), limit.maxBytes, limit.setting, nanoTime);
        String coding = String.join(", ", Collections.list(request.getHeaders(HttpHeaders.CONTENT_ENCODING)));
        if (announced > limit.maxBytes) {
            problems.write(request, response, body.tooLarge().problem());
        } else if (!coding.isBlank() && !coding.equalsIgnoreCase("identity")) {
            // Read as it is, a compressed body would be told to be broken JSON.
            response.setHeader(HttpHeaders.ACCEPT_ENCODING, "identity"); // RFC 9110, 15.5.16
            problems.write(request, response, ProblemException.encoded(coding).getBody());
        } else {
            chain.doFilter(new LimitedRequest(request, body), response);
        }
        if (!body.isFinished() && !request.isAsyncStarted()) {
            response.flushBuffer();
            drop(body);
        }
    }

    private static void drop(GuardedBody body) {
        try {
            body.drop();
        } catch (IOException e) {
            // The client is gone or too slow: the container closes the connection, as server.tomcat.max-swallow-size
            // says.
        }
    }

    private static final class LimitedRequest extends HttpServletRequestWrapper {

        private final ServletInputStream body;

        LimitedRequest(HttpServletRequest request, ServletInputStream body) {
            super(request);
            this.body = body;
        }

        @Override
        public ServletInputStream getInputStream() {
            return body;
        }

        @Override
        public BufferedReader getReader() {
            return new BufferedReader(new InputStreamReader(body, StandardCharsets.UTF_8));
        }
    }
}
