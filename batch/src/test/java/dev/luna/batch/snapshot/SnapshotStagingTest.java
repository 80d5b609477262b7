package dev.luna.batch.snapshot;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.PrimitiveIterator;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

class SnapshotStagingTest {

    /** A file that is gone keeps its room until what a run before had mapped of it is collected. */
    @Test
    void aDiskThatIsTooSmallIsLookedAtAgainUntilThereIsRoom() {
        PrimitiveIterator.OfLong looks = LongStream.of(5, 7, 9).iterator();

        assertThat(SnapshotStaging.room(looks::nextLong, 7, () -> false)).isEqualTo(7);
        assertThat(looks.nextLong()).isEqualTo(9);
    }

    @Test
    void aStopEndsTheLooks() {
        PrimitiveIterator.OfLong looks = LongStream.of(5, 7).iterator();

        assertThatThrownBy(() -> SnapshotStaging.room(looks::nextLong, 7, () -> true))
                .isInstanceOf(StoppedException.class);
    }
}
