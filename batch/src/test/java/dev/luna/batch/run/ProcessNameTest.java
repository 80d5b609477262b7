package dev.luna.batch.run;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import org.junit.jupiter.api.Test;

class ProcessNameTest {

    /** Who started this JVM. */
    private static final ProcessHandle OTHER = ProcessHandle.current().parent().orElseThrow();

    private static final Instant BEGUN = OTHER.info().startInstant().orElseThrow();

    private final ProcessName self = new ProcessName();

    @Test
    void aProcessOfThisHostThatBeganBeforeItTookTheRunLives() {
        assertThat(isOfLivingProcess(onThisHost(OTHER.pid()), BEGUN.plusSeconds(3)))
                .isTrue();
    }

    @Test
    void oneThatBeganLaterHasOnlyTheSameId() {
        assertThat(isOfLivingProcess(onThisHost(OTHER.pid()), BEGUN.minusSeconds(3)))
                .isFalse();
        assertThat(isOfLivingProcess(self.name(), Instant.MAX)).isFalse();
    }

    /** The clocks may differ by as much. */
    @Test
    void ofOneThatBeganAboutThenNothingIsKnown() {
        assertThat(isOfLivingProcess(onThisHost(OTHER.pid()), BEGUN.plusMillis(500)))
                .isFalse();
    }

    @Test
    void ofOneThatIsGoneOrElsewhereNothingIsKnown() {
        // No system gives an id as large as this.
        assertThat(isOfLivingProcess(onThisHost(Long.MAX_VALUE), Instant.MAX)).isFalse();
        assertThat(isOfLivingProcess("elsewhere:" + OTHER.pid(), Instant.MAX)).isFalse();
    }

    private boolean isOfLivingProcess(String name, Instant since) {
        return self.isOfLivingProcess(new RunOwner(name, since, since.minusSeconds(1), true));
    }

    private String onThisHost(long pid) {
        return self.name().replaceFirst("\\d+$", Long.toString(pid));
    }
}
