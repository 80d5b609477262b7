package dev.luna.batch.job;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

class StopSignalsTest {

    private final Logger log = (Logger) LoggerFactory.getLogger(StopSignals.class);
    private final ListAppender<ILoggingEvent> said = new ListAppender<>();
    private final StopSignals signals = new StopSignals(null, null, null);

    @BeforeEach
    void listen() {
        said.start();
        log.addAppender(said);
    }

    @AfterEach
    void end() {
        signals.destroy();
        log.detachAppender(said);
    }

    @Test
    void aLookThatFailsForWhateverReasonIsFollowedByTheNext() throws Exception {
        AtomicInteger looks = new AtomicInteger();
        CountDownLatch found = new CountDownLatch(1);

        Future<?> looking = signals.again(() -> {
            switch (looks.getAndIncrement()) {
                case 0 -> throw new IllegalStateException("the pool is shut down");
                case 1 -> throw new OutOfMemoryError("for the time being");
                case 2 -> {}
                case 3 -> throw new IllegalStateException("once more");
                default -> found.countDown();
            }
        });

        assertThat(found.await(1, TimeUnit.MINUTES)).isTrue();
        assertThat(looking.isDone()).isFalse();
        // Said once, until a look succeeds.
        assertThat(said.list)
                .filteredOn(event -> event.getLevel() == Level.ERROR)
                .extracting(event -> event.getThrowableProxy().getMessage())
                .containsExactly("the pool is shut down", "once more");
    }
}
