package dev.luna.api.reco;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.springframework.dao.DataAccessResourceFailureException;

class CacheLifetimeTest {

    private Instant now = Instant.parse("2026-11-25T01:59:00Z");
    private Instant nextRun = Instant.parse("2026-11-25T02:00:00Z");
    private long nanos = Long.MAX_VALUE; // It may overflow.
    private final AtomicInteger lookups = new AtomicInteger();
    private Runnable whileLookingUp = () -> {};
    private final CacheLifetime lifetime = new CacheLifetime(Duration.ofSeconds(100), () -> now, () -> nanos, () -> {
        lookups.incrementAndGet();
        Runnable once = whileLookingUp;
        whileLookingUp = () -> {};
        once.run();
        return Optional.ofNullable(nextRun);
    });

    @Test
    void answersAreNotKeptPastTheNextRun() {
        assertThat(lifetime.ofAnswer().getHeaderValue()).contains("max-age=60,");
        pass(50);
        assertThat(lifetime.ofAnswer().getHeaderValue()).contains("max-age=10,");
    }

    @Test
    void farFromTheNextRunTheSettingDecides() {
        nextRun = nextRun.plusSeconds(3600);
        assertThat(lifetime.ofAnswer().getHeaderValue()).contains("max-age=100,");
        nextRun = null;
        pass(40);
        assertThat(lifetime.ofAnswer().getHeaderValue()).contains("max-age=100,");
    }

    @Test
    void aScheduleThatNobodyKeepsAnyMoreDecidesNothing() {
        now = nextRun.plus(Duration.ofHours(9));

        for (int i = 0; i < 20; i++) {
            assertThat(lifetime.ofAnswer().getHeaderValue()).contains("max-age=100,");
            pass(1);
        }

        assertThat(lookups).hasValue(1);
    }

    @Test
    void aRunThatIsDueIsNotAskedForAtEachAnswer() {
        lifetime.ofAnswer();
        pass(60);

        for (int i = 0; i < 20; i++) {
            assertThat(lifetime.ofAnswer().getHeaderValue()).contains("max-age=0,");
            pass(1);
        }

        assertThat(lookups).hasValue(2);
    }

    @Test
    void theScheduleIsLookedUpSeldom() {
        lifetime.ofAnswer();
        pass(29);
        lifetime.ofAnswer();
        assertThat(lookups).hasValue(1);
        pass(1);
        lifetime.ofAnswer();
        assertThat(lookups).hasValue(2);
    }

    @Test
    void onceTheRunHasBegunItsTriggerIsAskedForTheNextOne() {
        pass(50);
        assertThat(lifetime.ofAnswer().getHeaderValue()).contains("max-age=10,");
        nextRun = nextRun.plusSeconds(3600);
        pass(10);
        assertThat(lifetime.ofAnswer().getHeaderValue()).contains("max-age=100,");
    }

    @Test
    void oneLooksUpAndTheOthersGoByWhatIsKnown() {
        whileLookingUp = () -> assertThat(ofAnotherThread()).isEqualTo("no-cache");
        assertThat(lifetime.ofAnswer().getHeaderValue()).contains("max-age=60,");

        pass(30);
        nextRun = null;
        whileLookingUp = () -> assertThat(ofAnotherThread()).contains("max-age=30,");
        assertThat(lifetime.ofAnswer().getHeaderValue()).contains("max-age=100,");

        assertThat(lookups).hasValue(2);
    }

    @Test
    void whileTheScheduleIsUnknownCachesAskEachTime() {
        whileLookingUp = () -> {
            throw new DataAccessResourceFailureException("gone");
        };
        assertThat(lifetime.ofAnswer().getHeaderValue()).isEqualTo("no-cache");

        pass(29);
        assertThat(lifetime.ofAnswer().getHeaderValue()).isEqualTo("no-cache");
        pass(1);
        assertThat(lifetime.ofAnswer().getHeaderValue()).contains("max-age=30,");
    }

    @Test
    void aClockThatIsPutBackHoldsNoLookupUp() {
        whileLookingUp = () -> {
            throw new DataAccessResourceFailureException("gone");
        };
        assertThat(lifetime.ofAnswer().getHeaderValue()).isEqualTo("no-cache");

        now = now.minusSeconds(3600);
        pass(30);

        assertThat(lifetime.ofAnswer().getHeaderValue()).contains("max-age=100,");
    }

    private void pass(int seconds) {
        now = now.plusSeconds(seconds);
        nanos += TimeUnit.SECONDS.toNanos(seconds);
    }

    private String ofAnotherThread() {
        return CompletableFuture.supplyAsync(lifetime::ofAnswer).join().getHeaderValue();
    }
}
