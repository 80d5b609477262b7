package dev.luna.batch.job;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class StopSignalsTest {

    private final StopSignals signals = new StopSignals(null, null, null);

    @AfterEach
    void end() {
        signals.destroy();
    }

    @Test
    void aLookThatFailsForWhateverReasonIsFollowedByTheNext() throws Exception {
        AtomicInteger looks = new AtomicInteger();
        CountDownLatch found = new CountDownLatch(1);

        Future<?> looking = signals.again(() -> {
            switch (looks.getAndIncrement()) {
                case 0 -> throw new IllegalStateException("the pool is shut down");
                case 1 -> throw new OutOfMemoryError("for the time being");
                default -> found.countDown();
            }
        });

        assertThat(found.await(1, TimeUnit.MINUTES)).isTrue();
        assertThat(looking.isDone()).isFalse();
    }
}
