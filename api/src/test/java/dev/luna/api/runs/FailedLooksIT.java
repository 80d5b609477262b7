package dev.luna.api.runs;

import dev.luna.api.web.ServerTest;
import dev.luna.batch.run.Eventually;
import dev.luna.batch.run.Runs;
import jakarta.servlet.AsyncContext;
import jakarta.servlet.ServletOutputStream;
import jakarta.servlet.WriteListener;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.mock.web.MockAsyncContext;
import org.springframework.mock.web.MockHttpServletRequest;
import org.springframework.mock.web.MockHttpServletResponse;
import tools.jackson.databind.json.JsonMapper;

/** Watchers hear on although something fails. */
class FailedLooksIT extends ServerTest {

    private static final long NO_RUN = 999_999;

    @Autowired
    private Runs runs;

    @Autowired
    private JsonMapper mapper;

    private RunEvents others;

    @AfterEach
    void stop() {
        others.stop();
    }

    @Test
    void aLookThatFailsForWhateverReasonIsFollowedByTheNext() throws Exception {
        long run = jdbc.sql("""
                        insert into run (kind, requested_by, profile, settings)
                        values ('full', 'elsewhere', '{}', '{}')
                        returning id
                        """).query(Long.class).single();
        others = new RunEvents(runs, mapper, Duration.ofHours(1));
        Output out = new Output(new StackOverflowError("for the time being"));
        others.start();

        others.watch(run, out.request());

        Eventually.holds("the second look is told", () -> out.taken().contains("data:{\"id\":" + run + ","));
    }

    @Test
    void whoWatchesHearsSomethingWhileNoLookSucceeds() throws Exception {
        others = new RunEvents(runs, mapper, Duration.ofMillis(1));
        Output out = new Output(new StackOverflowError("for the time being"));
        others.start();

        others.watch(NO_RUN, out.request());

        Eventually.holds("a comment comes", () -> out.taken().startsWith(":nothing new\n\n"));
    }

    /** Takes all after the first write, which fails. */
    private static final class Output extends ServletOutputStream {

        private final ByteArrayOutputStream taken = new ByteArrayOutputStream();
        private @Nullable Error failure;

        Output(Error failure) {
            this.failure = failure;
        }

        AsyncContext request() {
            return new MockAsyncContext(new MockHttpServletRequest(), new MockHttpServletResponse() {
                @Override
                public ServletOutputStream getOutputStream() {
                    return Output.this;
                }
            });
        }

        String taken() {
            return taken.toString(StandardCharsets.UTF_8);
        }

        @Override
        public void write(int character) {
            if (failure != null) {
                Error thrown = failure;
                failure = null;
                throw thrown;
            }
            taken.write(character);
        }

        @Override
        public boolean isReady() {
            return true;
        }

        @Override
        public void setWriteListener(WriteListener listener) {
            // It is ready at once.
        }
    }
}
