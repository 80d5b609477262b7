package dev.luna.api.web;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import jakarta.servlet.ReadListener;
import jakarta.servlet.ServletInputStream;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.springframework.mock.web.MockHttpServletRequest;
import org.springframework.mock.web.MockHttpServletResponse;
import org.springframework.test.web.servlet.MockMvc;
import org.springframework.test.web.servlet.setup.MockMvcBuilders;
import org.springframework.util.unit.DataSize;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RestController;
import tools.jackson.databind.json.JsonMapper;

/** How large a body may be, and how slowly it may come: the clock stands still but for the waits for the body. */
class BodyLimitFilterTest {

    private static final int BODY_BYTES = 3_000_000;

    private long nanos;
    private int bodyBytes = BODY_BYTES;
    private boolean isAnnounced = true;
    private int bytesReceived;

    private final MockMvc server = MockMvcBuilders.standaloneSetup(new Calls())
            .setControllerAdvice(new ProblemAdvice())
            .addFilters(new BodyLimitFilter(
                    new HttpProperties(DataSize.ofBytes(BODY_BYTES), DataSize.ofMegabytes(4), List.of()),
                    new ProblemWriter(JsonMapper.builder().build()),
                    () -> nanos))
            .build();

    @Test
    void aLimitIsWithinItsRangeToTheByte() {
        DataSize largest = DataSize.ofMegabytes(64);
        DataSize tooLarge = DataSize.ofBytes(largest.toBytes() + 1);

        assertThat(new HttpProperties(largest, largest, List.of()).maxBodySize())
                .isEqualTo(largest);
        assertThatThrownBy(() -> new HttpProperties(largest, tooLarge, List.of()))
                .hasMessage("luna.http.max-batch-body-size is 67108865B; it must be from 1KB to 64MB");
    }

    @Test
    void anAnnouncedBodyMayBeAsLargeAsTheLimit() throws Exception {
        assertThat(statusAtOnce("/lengths", BODY_BYTES)).isEqualTo(200);
        assertThat(statusAtOnce("/lengths", BODY_BYTES + 1)).isEqualTo(413);
    }

    @Test
    void aBodyOfUnknownLengthMayBeAsLargeAsTheLimit() throws Exception {
        isAnnounced = false;

        assertThat(statusAtOnce("/lengths", BODY_BYTES)).isEqualTo(200);
        assertThat(statusAtOnce("/lengths", BODY_BYTES + 1)).isEqualTo(413);
    }

    @Test
    void aBatchMayBeLargerWithATrailingSlashToo() throws Exception {
        for (String path : List.of("/lengths:batch", "/lengths:batch/")) {
            assertThat(statusAtOnce(path, 4 << 20)).as(path).isEqualTo(200);
            assertThat(statusAtOnce(path, (4 << 20) + 1)).as(path).isEqualTo(413);
        }
    }

    @Test
    void aByteNowAndThenIsTooSlow() throws Exception {
        MockHttpServletResponse answer = post("application/json", new Waits(Duration.ofSeconds(12), 1));

        assertThat(answer.getStatus()).isEqualTo(408);
        assertThat(answer.getContentType()).isEqualTo("application/problem+json");
        assertThat(answer.getContentAsString()).contains("waits 20 seconds for it and one more for every 32 KB");
        // The second comes after 24 s.
        assertThat(bytesReceived).isEqualTo(2);
    }

    @Test
    void aLargeBodyMayTakeLongerThanASmallOne() throws Exception {
        // 3 MB at 30,000 bytes a second: 100 s, of 20 s + 3,000,000 / 32,768 s = 111.6 s allowed.
        MockHttpServletResponse answer = post("application/json", new Waits(Duration.ofMillis(100), 3000));

        assertThat(answer.getStatus()).isEqualTo(200);
        assertThat(answer.getContentAsString()).isEqualTo("{\"length\":3000000}");
    }

    @Test
    void whatNobodyReadsIsReceivedHoweverLongTheCallTook() throws Exception {
        bodyBytes = 1 << 20;

        MockHttpServletResponse answer = post("/long", "application/json", new Waits(Duration.ZERO, 8192));

        assertThat(answer.getStatus()).isEqualTo(200);
        assertThat(bytesReceived).isEqualTo(1 << 20);
    }

    @Test
    void whatNobodyReadsIsReceivedUpToALimit() throws Exception {
        bodyBytes = 140 << 20;

        MockHttpServletResponse endless = post("text/plain", new Waits(Duration.ZERO, 8192));

        assertThat(endless.getStatus()).isEqualTo(413);
        assertThat(bytesReceived).isEqualTo(128 << 20);
    }

    @Test
    void whatNobodyReadsIsReceivedForAWhileOnly() throws Exception {
        MockHttpServletResponse fast = post("text/plain", new Waits(Duration.ofMillis(1), 3000));

        assertThat(fast.getStatus()).isEqualTo(415);
        assertThat(bytesReceived).isEqualTo(BODY_BYTES);

        nanos = 0;
        bodyBytes = 140 << 20;

        // Just as fast as a body that is read has to be, and for ever.
        MockHttpServletResponse endless = post("text/plain", new Waits(Duration.ofMillis(250), 8192));

        assertThat(endless.getStatus()).isEqualTo(413);
        assertThat(nanos).isEqualTo(Duration.ofSeconds(20).toNanos());
    }

    private int statusAtOnce(String path, int bytes) throws Exception {
        bodyBytes = bytes;
        return post(path, "application/json", new Waits(Duration.ZERO, 8192)).getStatus();
    }

    private MockHttpServletResponse post(String contentType, Waits body) throws Exception {
        return post("/lengths", contentType, body);
    }

    private MockHttpServletResponse post(String path, String contentType, Waits body) throws Exception {
        bytesReceived = 0;
        return server.perform(context -> {
                    MockHttpServletRequest request = new MockHttpServletRequest(context, "POST", path) {
                        @Override
                        public ServletInputStream getInputStream() {
                            return body;
                        }

                        @Override
                        public long getContentLengthLong() {
                            return isAnnounced ? bodyBytes : -1;
                        }
                    };
                    if (!isAnnounced) {
                        request.addHeader("Transfer-Encoding", "chunked");
                    }
                    request.setServletPath(path);
                    request.setContentType(contentType);
                    return request;
                })
                .andReturn()
                .getResponse();
    }

    @RestController
    final class Calls {

        @PostMapping(
                path = {"/lengths", "/lengths:batch", "/lengths:batch/"},
                consumes = "application/json")
        Map<String, Integer> length(@RequestBody byte[] body) {
            return Map.of("length", body.length);
        }

        /** As one that waits for somebody else, and has no use for a body. */
        @PostMapping("/long")
        Map<String, Integer> call() {
            nanos += Duration.ofSeconds(25).toNanos();
            return Map.of();
        }
    }

    /** A body of which a few bytes come after each wait. */
    private final class Waits extends ServletInputStream {

        private final Duration wait;
        private final int bytes;

        Waits(Duration wait, int bytes) {
            this.wait = wait;
            this.bytes = bytes;
        }

        @Override
        public int read(byte[] buffer, int offset, int length) {
            if (isFinished()) {
                return -1;
            }
            nanos += wait.toNanos();
            int n = Math.min(Math.min(bytes, length), bodyBytes - bytesReceived);
            bytesReceived += n;
            return n;
        }

        @Override
        public int read() {
            throw new UnsupportedOperationException("bodies are read by the buffer");
        }

        @Override
        public boolean isFinished() {
            return bytesReceived == bodyBytes;
        }

        @Override
        public boolean isReady() {
            return true;
        }

        @Override
        public void setReadListener(ReadListener listener) {
            throw new UnsupportedOperationException("bodies are read by waiting");
        }
    }
}
