package dev.luna.batch.snapshot;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class SnapshotNeedTest {

    /** With chunks of 8,192 users and lists of 50 venues. */
    private static final SnapshotNeed MILLION =
            new SnapshotNeed(1_000_000, 100_000, 20_000_000, 10_000_000, 2, 8_192 * 50);

    @Test
    void heapDoesNotGrowWithInteractionsAndEdges() {
        assertThat(new SnapshotNeed(1_000_000, 100_000, 0, 0, 2, 8_192 * 50).heapBytes())
                .isEqualTo(MILLION.heapBytes());
    }

    @Test
    void heapGrowsWithWhatEveryThreadHoldsUntilItIsWritten() {
        SnapshotNeed tenfold = new SnapshotNeed(1_000_000, 100_000, 0, 0, 2, 8_192 * 500);

        // 2 threads x 8,192 users x 450 more venues x 32 bytes.
        assertThat(tenfold.heapBytes() - MILLION.heapBytes()).isEqualTo(235_929_600);
    }

    @Test
    void ofFewUsersAndVenuesNoThreadHoldsMoreThanThereAre() {
        assertThat(SnapshotNeed.of(10, 5, 0, 0, new ScoringPortions(2, 8_192, 50))
                        .chunkVenues())
                .isEqualTo(50);
    }

    @Test
    void whatFitsIsAccepted() {
        assertThatCode(() -> MILLION.requireHeap(MILLION.heapBytes())).doesNotThrowAnyException();
        assertThatCode(() -> MILLION.requireScratch(MILLION.scratchBytes())).doesNotThrowAnyException();
    }

    @Test
    void aHeapThatIsTooSmallIsRefusedWithTheSizeThatWouldDo() {
        // 96 MiB + 2 x (12 MiB + 8,192 x 50 x 32 B) + 120 MB + 32 MB = 304,043,520 bytes; and 5 % is 304.46 MiB.
        assertThatThrownBy(() -> MILLION.requireHeap(256 << 20))
                .isInstanceOf(SnapshotRefusedException.class)
                .hasMessage(
                        "1,000,000 users and 100,000 venues need about 304 MB of heap, but the JVM may take 268 MB; "
                                + "start it with -Xmx305m (LUNA_JAVA_OPTS for scripts/luna)");
    }

    @Test
    void aDiskThatIsTooSmallIsRefusedWithTheSettingToChange() {
        assertThatThrownBy(() -> MILLION.requireScratch(5_000_000))
                .isInstanceOf(SnapshotRefusedException.class)
                .hasMessage(
                        "1,000,000 users and 100,000 venues need up to 768 MB of scratch files, but only 5 MB are free; "
                                + "choose another directory with luna.scratch.directory");
    }
}
