package dev.luna.batch.snapshot;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class SnapshotNeedTest {

    private static final SnapshotNeed MILLION = new SnapshotNeed(1_000_000, 100_000, 20_000_000, 10_000_000, 2);

    @Test
    void heapDoesNotGrowWithInteractionsAndEdges() {
        assertThat(new SnapshotNeed(1_000_000, 100_000, 0, 0, 2).heapBytes()).isEqualTo(MILLION.heapBytes());
    }

    @Test
    void whatFitsIsAccepted() {
        assertThatCode(() -> MILLION.requireWithin(MILLION.heapBytes(), MILLION.scratchBytes()))
                .doesNotThrowAnyException();
    }

    @Test
    void aHeapThatIsTooSmallIsRefusedWithTheSizeThatWouldDo() {
        // 96 MiB + 2 x 24 MiB + 120 MB + 32 MB = 302,994,944 bytes, which is 288.96 MiB.
        assertThatThrownBy(() -> MILLION.requireWithin(256 << 20, Long.MAX_VALUE))
                .hasMessage(
                        "1,000,000 users and 100,000 venues need about 302 MB of heap, but the JVM may take 268 MB; "
                                + "start it with -Xmx289m (LUNA_JAVA_OPTS for scripts/luna)");
    }

    @Test
    void aDiskThatIsTooSmallIsRefusedWithTheSettingToChange() {
        assertThatThrownBy(() -> MILLION.requireWithin(Long.MAX_VALUE, 5_000_000))
                .hasMessage(
                        "1,000,000 users and 100,000 venues need up to 768 MB of scratch files, but only 5 MB are free; "
                                + "choose another directory with luna.scratch.directory");
    }
}
