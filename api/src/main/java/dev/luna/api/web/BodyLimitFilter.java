package dev.luna.api.web;

import jakarta.servlet.FilterChain;
import jakarta.servlet.ReadListener;
import jakarta.servlet.ServletException;
import jakarta.servlet.ServletInputStream;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletRequestWrapper;
import jakarta.servlet.http.HttpServletResponse;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import org.springframework.http.HttpStatus;
import org.springframework.http.ProblemDetail;
import org.springframework.web.filter.OncePerRequestFilter;

/** Stops reading a request body at the limit, whether its length was announced or not. */
final class BodyLimitFilter extends OncePerRequestFilter {

    private static final String BATCH = ":batch";

    private final Limit single;
    private final Limit batch;
    private final ProblemWriter problems;

    BodyLimitFilter(HttpProperties properties, ProblemWriter problems) {
        single = new Limit(properties.maxBodySize().toBytes(), "luna.http.max-body-size");
        batch = new Limit(properties.maxBatchBodySize().toBytes(), "luna.http.max-batch-body-size");
        this.problems = problems;
    }

    private record Limit(long maxBytes, String setting) {

        BodyTooLargeException exceeded() {
            return new BodyTooLargeException(maxBytes, setting);
        }
    }

    @Override
    protected void doFilterInternal(HttpServletRequest request, HttpServletResponse response, FilterChain chain)
            throws ServletException, IOException {
        Limit limit = request.getRequestURI().endsWith(BATCH) ? batch : single;
        if (request.getContentLengthLong() > limit.maxBytes) {
            ProblemDetail problem = ProblemDetail.forStatusAndDetail(
                    HttpStatus.CONTENT_TOO_LARGE,
                    String.valueOf(limit.exceeded().getMessage()));
            problems.write(request, response, problem);
            return;
        }
        boolean lengthIsKnown = request.getContentLengthLong() >= 0;
        chain.doFilter(lengthIsKnown ? request : new LimitedRequest(request, limit), response);
    }

    private static final class LimitedRequest extends HttpServletRequestWrapper {

        private final Limit limit;

        LimitedRequest(HttpServletRequest request, Limit limit) {
            super(request);
            this.limit = limit;
        }

        @Override
        public ServletInputStream getInputStream() throws IOException {
            return new LimitedStream(super.getInputStream(), limit);
        }

        @Override
        public BufferedReader getReader() throws IOException {
            return new BufferedReader(new InputStreamReader(getInputStream(), StandardCharsets.UTF_8));
        }
    }

    private static final class LimitedStream extends ServletInputStream {

        private final ServletInputStream source;
        private final Limit limit;
        private long bytesRead;

        LimitedStream(ServletInputStream source, Limit limit) {
            this.source = source;
            this.limit = limit;
        }

        @Override
        public int read() throws IOException {
            int b = source.read();
            count(b < 0 ? 0 : 1);
            return b;
        }

        @Override
        public int read(byte[] buffer, int offset, int length) throws IOException {
            int n = source.read(buffer, offset, length);
            count(Math.max(n, 0));
            return n;
        }

        private void count(int bytes) throws BodyTooLargeException {
            bytesRead += bytes;
            if (bytesRead > limit.maxBytes) {
                throw limit.exceeded();
            }
        }

        @Override
        public boolean isFinished() {
            return source.isFinished();
        }

        @Override
        public boolean isReady() {
            return source.isReady();
        }

        @Override
        public void setReadListener(ReadListener listener) {
            source.setReadListener(listener);
        }
    }
}
