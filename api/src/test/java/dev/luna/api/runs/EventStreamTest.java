package dev.luna.api.runs;

import static org.assertj.core.api.Assertions.assertThat;

import jakarta.servlet.AsyncEvent;
import jakarta.servlet.ServletOutputStream;
import jakarta.servlet.WriteListener;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.springframework.mock.web.MockAsyncContext;
import org.springframework.mock.web.MockHttpServletRequest;

class EventStreamTest {

    private final Output out = new Output();
    private final Request request = new Request();
    private final List<EventStream> over = new ArrayList<>();
    private final EventStream stream = new EventStream(request, out, over::add);

    @Test
    void anEventIsSentOffAtOnce() {
        stream.open();
        tell("one,");
        tell("two,");

        assertThat(out.sent).hasToString("one,two,");
    }

    @Test
    void aNewerEventTakesThePlaceOfOneThatWaits() {
        out.isReady = false;
        stream.open();
        tell("one,");
        tell("two,");

        becomeReady();

        assertThat(out.sent).hasToString("two,");
    }

    @Test
    void aProbeDoesNot() {
        out.isReady = false;
        stream.open();
        tell("one,");
        stream.probe(bytes("probe,"));

        becomeReady();

        assertThat(out.sent).hasToString("one,");
    }

    @Test
    void whatWaitsIsSentBeforeTheEnd() {
        out.isReady = false;
        stream.open();
        tell("one,");
        stream.end();
        assertThat(request.isOver).isFalse();

        becomeReady();

        assertThat(out.sent).hasToString("one,");
        assertThat(request.isOver).isTrue();
        assertThat(over).contains(stream);
    }

    @Test
    void aTimeoutEndsTheRequest() {
        stream.open();

        stream.onTimeout(new AsyncEvent(request));

        assertThat(request.isOver).isTrue();
        assertThat(over).contains(stream);
    }

    @Test
    void aFailureEndsTheRequest() {
        stream.open();

        stream.onError(new AsyncEvent(request, new IOException("gone")));

        assertThat(request.isOver).isTrue();
        assertThat(over).contains(stream);
    }

    private void tell(String event) {
        stream.tell(bytes(event));
    }

    private void becomeReady() {
        out.isReady = true;
        stream.onWritePossible();
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }

    private static final class Request extends MockAsyncContext {

        private boolean isOver;

        Request() {
            super(new MockHttpServletRequest(), null);
        }

        @Override
        public void complete() {
            isOver = true;
        }
    }

    /** Sends what it was given when it is flushed, not before. */
    private static final class Output extends ServletOutputStream {

        private final StringBuilder given = new StringBuilder();
        private final StringBuilder sent = new StringBuilder();
        private boolean isReady = true;

        @Override
        public void write(int character) {
            given.append((char) character);
        }

        @Override
        public void flush() {
            sent.append(given);
            given.setLength(0);
        }

        @Override
        public boolean isReady() {
            return isReady;
        }

        @Override
        public void setWriteListener(WriteListener listener) {
            // The test calls it.
        }
    }
}
