package dev.luna.api.reco;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.luna.api.web.ProblemException;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** Where a page goes on in a ranking that may have changed since the one before. */
class PageEndTest {

    /** In the order of their text; the last is negative to Java. */
    private static final UUID FIRST = new UUID(1, 0);

    private static final UUID MIDDLE = new UUID(0x7fff_0000_0000_0000L, 0);
    private static final UUID LAST = new UUID(0x8000_0000_0000_0000L, 0);
    private static final UUID OTHER = new UUID(2, 0);

    @Test
    void itGoesOnBehindTheEntryItself() {
        assertThat(place(MIDDLE, 0.5, entry(FIRST, 0.7), entry(MIDDLE, 0.5), entry(LAST, 0.5)))
                .isEqualTo(2);
        assertThat(place(LAST, 0.5, entry(FIRST, 0.7), entry(LAST, 0.5))).isEqualTo(2);
    }

    @Test
    void whereTheEntryWasItGoesOnWhenThatHasLeft() {
        assertThat(place(MIDDLE, 0.5, entry(FIRST, 0.5), entry(LAST, 0.5), entry(OTHER, 0.3)))
                .isEqualTo(1);
        assertThat(place(LAST, 0.5, entry(FIRST, 0.5), entry(MIDDLE, 0.5), entry(OTHER, 0.3)))
                .isEqualTo(2);
        assertThat(place(FIRST, 0.5, entry(MIDDLE, 0.5), entry(LAST, 0.5))).isZero();
        assertThat(place(MIDDLE, 0.5, entry(FIRST, 0.7), entry(LAST, 0.6))).isEqualTo(2);
    }

    @Test
    void equalFloatsAreInTheOrderOfTheirScores() {
        assertThat(place(MIDDLE, 0.1 + 1e-12, entry(LAST, 0.1 + 2e-12), entry(FIRST, 0.1)))
                .isEqualTo(1);
    }

    @Test
    void equalFloatsAreInTheOrderThatWasStored() {
        PageEnd.Entry first = entry(LAST, 0.1 + 2e-12);
        PageEnd.Entry end = entry(MIDDLE, 0.1 + 1e-12);
        PageEnd.Entry behind = entry(FIRST, 0.1);
        List<PageEnd.Entry> stored = List.of(first, end, behind);

        assertThat(placeBehindStored(end, stored, first, end, behind)).isEqualTo(2);
        assertThat(placeBehindStored(end, stored, first, behind)).isEqualTo(1);
        assertThat(placeBehindStored(end, stored, entry(MIDDLE, 0.9), first, behind))
                .isEqualTo(2);
        assertThat(placeBehindStored(end, stored, behind, entry(LAST, 0.05))).isZero();
        assertThat(placeBehindStored(end, List.of(), entry(OTHER, 0.2), behind)).isEqualTo(1);
    }

    /** A companion's stored score is made of rounded parts, so it may be above that of one who is before. */
    @Test
    void roundingDoesNotLoseWhoWasStoredBehind() {
        PageEnd.Entry first = new PageEnd.Entry(FIRST, 0.5000002, 0.5f);
        PageEnd.Entry end = new PageEnd.Entry(MIDDLE, 0.5000001, 0.5f);
        PageEnd.Entry behind = new PageEnd.Entry(LAST, 0.5, Math.nextUp(0.5f));
        List<PageEnd.Entry> stored = List.of(first, end, behind);

        assertThat(placeBehindStored(end, stored, first, behind)).isEqualTo(1);
        assertThat(placeBehindStored(end, stored, first, end, behind)).isEqualTo(2);
    }

    @Test
    void whereTheEntryWasItGoesOnWhenThatHasGoneUp() {
        assertThat(place(MIDDLE, 0.5, entry(MIDDLE, 0.9), entry(FIRST, 0.7), entry(LAST, 0.4)))
                .isEqualTo(2);
    }

    @Test
    void ranksThatNoPageCanFollowAreRefused() {
        CompanionQuestion question = new CompanionQuestion(OTHER, null, 10, null, null);
        for (int rank : new int[] {Integer.MIN_VALUE, 0, Integer.MAX_VALUE - 999, Integer.MAX_VALUE}) {
            String cursor = new PageEnd(7, rank, 0.5, FIRST, true, true).cursor(question);

            assertThatThrownBy(() -> PageEnd.read(cursor, question))
                    .as("rank %d", rank)
                    .isInstanceOf(ProblemException.class)
                    .hasMessageContaining("cursor: must come from the Link header");
        }
    }

    @Test
    void whatACursorKeepsIsReadBack() {
        CompanionQuestion question = new CompanionQuestion(OTHER, null, 10, null, null);
        for (boolean began : new boolean[] {false, true}) {
            for (boolean isStored : new boolean[] {false, true}) {
                PageEnd end = new PageEnd(7, 3, 0.1 + 1e-12, LAST, began, isStored);

                assertThat(PageEnd.read(end.cursor(question), question)).isEqualTo(end);
            }
        }
    }

    private static PageEnd.Entry entry(UUID id, double score) {
        return new PageEnd.Entry(id, score, (float) score);
    }

    private static int place(UUID id, double score, PageEnd.Entry... ranking) {
        return new PageEnd(1, 1, score, id, true, false).placeIn(List.of(ranking), List.of());
    }

    private static int placeBehindStored(PageEnd.Entry end, List<PageEnd.Entry> stored, PageEnd.Entry... ranking) {
        return new PageEnd(1, 1, end.asStored(), end.id(), true, true).placeIn(List.of(ranking), stored);
    }
}
