package dev.luna.batch.snapshot;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Locale;
import org.junit.jupiter.api.Test;

class SnapshotNeedTest {

    private static final ScoringPortions PORTIONS = portions(50, 20, 10, 10);
    private static final SnapshotNeed MILLION = new SnapshotNeed(1_000_000, 100_000, 20_000_000, 10_000_000, PORTIONS);

    @Test
    void heapDoesNotGrowWithInteractionsAndEdgesOfMoreUsers() {
        SnapshotNeed twice = new SnapshotNeed(2_000_000, 100_000, 40_000_000, 20_000_000, PORTIONS);

        assertThat(twice.heapBytes() - MILLION.heapBytes()).isEqualTo(120_000_000);
    }

    @Test
    void heapGrowsWithWhatEveryThreadHoldsUntilItIsWritten() {
        SnapshotNeed tenfold = new SnapshotNeed(1_000_000, 100_000, 20_000_000, 10_000_000, portions(500, 20, 10, 10));

        // 2 threads x 8,192 users x 450 more venues x 20 bytes.
        assertThat(tenfold.heapBytes() - MILLION.heapBytes()).isEqualTo(147_456_000);
    }

    @Test
    void heapGrowsWithTheCompanionsOfWhoHasFriends() {
        ScoringPortions most = portions(50, 1_000, 100, 300);
        SnapshotNeed sociable = new SnapshotNeed(1_000_000, 100_000, 20_000_000, 100_000_000, PORTIONS);
        SnapshotNeed mostRanked = new SnapshotNeed(1_000_000, 100_000, 20_000_000, 100_000_000, most);

        // 2 threads x 8,192 users x (all their 200 friends instead of 20 and 10 x 10, of 20 bytes, 40 more venues x 6
        // bytes, and 50 x 200 companions there instead of 10 x 10, of 10 bytes).
        assertThat(mostRanked.heapBytes() - sociable.heapBytes())
                .isEqualTo(2 * 8_192 * ((200 - 120) * 20 + 40 * 6 + (50 * 200 - 10 * 10) * 10));
    }

    @Test
    void companionsOfNobodyAtAVenueTakeNothing() {
        SnapshotNeed none = new SnapshotNeed(1_000_000, 100_000, 20_000_000, 10_000_000, portions(50, 20, 100, 0));

        // 2 threads x 8,192 users x 10 venues without 6 bytes and without their 10 companions of 10.
        assertThat(MILLION.heapBytes() - none.heapBytes()).isEqualTo(2 * 8_192 * 10 * 106);
    }

    @Test
    void heapGrowsWithWhatTheUsersOfABlockAndTheirFriendsDid() {
        SnapshotNeed busy = new SnapshotNeed(1_000_000, 100_000, 2_000_000_000, 10_000_000, PORTIONS);

        // 2 threads x 512 users and 10 friends of each x 1,980 more interactions x 24 bytes.
        assertThat(busy.heapBytes() - MILLION.heapBytes()).isEqualTo(535_265_280);
    }

    @Test
    void ofFewUsersAndVenuesNoThreadHoldsMoreThanThereAre() {
        SnapshotNeed few = new SnapshotNeed(10, 5, 1_000, 90, PORTIONS);

        // A thread: 10 users x (5 venues x 20 bytes, 72 and 10 friends x 20, 5 venues x 6 and 10 companions x 10),
        // their
        // interactions and their friends', twice 100 x 12 bytes, and all 90 edges x 24 bytes.
        assertThat(few.heapBytes()).isEqualTo((96 << 20) + 2 * ((8 << 20) + 9_020 + 2_400 + 2_160) + 1_200 + 1_600);
    }

    @Test
    void noThreadGathersMoreInteractionsThanThereAre() {
        SnapshotNeed twice = new SnapshotNeed(10, 5, 50, 90, PORTIONS);
        SnapshotNeed once = new SnapshotNeed(10, 5, 30, 90, PORTIONS);

        // 2 threads x 20 interactions of its users x 12 bytes, and as many of their friends.
        assertThat(twice.heapBytes() - once.heapBytes()).isEqualTo(2 * 20 * 24);
    }

    @Test
    void ofNobodyNobodysInputsAreHeld() {
        assertThat(new SnapshotNeed(0, 5, 0, 0, PORTIONS).heapBytes()).isEqualTo((96 << 20) + 2 * (8 << 20) + 1_600);
    }

    @Test
    void whatFitsIsAccepted() {
        assertThatCode(() -> MILLION.requireHeap(MILLION.heapBytes())).doesNotThrowAnyException();
        assertThatCode(() -> MILLION.requireScratch(MILLION.scratchBytes())).doesNotThrowAnyException();
    }

    @Test
    void aHeapThatIsTooSmallIsRefusedWithTheSizeThatWouldDo() {
        // 96 MiB + 2 x (8 MiB + 8,192 x (50 x 20 B + 72 B + 20 x 20 B + 10 x (6 B + 10 x 10 B)) + 512 x (11 x 20 x 24 B
        // + 10 x 48 B)) + 120 MB + 32 MB
        // = 316,823,040 bytes; and an eighth more is 339.91 MiB.
        assertThatThrownBy(() -> MILLION.requireHeap(256 << 20))
                .isInstanceOf(SnapshotRefusedException.class)
                .hasMessage(
                        "1,000,000 users and 100,000 venues need about 316 MB of heap, but the JVM may take 268 MB; "
                                + "start it with -Xmx340m (LUNA_JAVA_OPTS for scripts/luna)");
    }

    /** An embedding application may keep its host's, which writes numbers in digits that no option takes. */
    @Test
    void theSizeIsWrittenInDigitsThatTheOptionTakes() {
        Locale before = Locale.getDefault();
        Locale.setDefault(Locale.forLanguageTag("ar-EG-u-nu-arab"));
        try {
            assertThatThrownBy(() -> MILLION.requireHeap(256 << 20)).hasMessageContaining("-Xmx340m");
        } finally {
            Locale.setDefault(before);
        }
    }

    @Test
    void aDiskThatIsTooSmallIsRefusedWithTheSettingToChange() {
        assertThatThrownBy(() -> MILLION.requireScratch(5_000_000))
                .isInstanceOf(SnapshotRefusedException.class)
                .hasMessage(
                        "1,000,000 users and 100,000 venues need up to 768 MB of scratch files, but only 5 MB are free; "
                                + "choose another directory with luna.scratch.directory");
    }

    private static ScoringPortions portions(
            int venuesPerUser, int companionsPerUser, int companionVenues, int companionsPerVenue) {
        return new ScoringPortions(
                2, 512, 8_192, venuesPerUser, companionsPerUser, companionVenues, companionsPerVenue);
    }
}
