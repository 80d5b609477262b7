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

    private record Entry(UUID id, double score) {}

    @Test
    void itGoesOnBehindTheEntryItself() {
        assertThat(place(MIDDLE, 0.5, entry(FIRST, 0.7), entry(MIDDLE, 0.5), entry(LAST, 0.5)))
                .isEqualTo(2);
        assertThat(place(LAST, 0.5, entry(FIRST, 0.7), entry(LAST, 0.5))).isEqualTo(2);
    }

    /** Stored scores are floats; one that was scored live is the same as a float. */
    @Test
    void aScoreThatWasStoredIsTheSame() {
        double live = 0.1 + 0.2;
        assertThat((double) (float) live).isNotEqualTo(live);
        assertThat(place(MIDDLE, live, entry(MIDDLE, live), entry(LAST, 0.1))).isEqualTo(1);
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
    void whereTheEntryWasItGoesOnWhenThatHasGoneUp() {
        assertThat(place(MIDDLE, 0.5, entry(MIDDLE, 0.9), entry(FIRST, 0.7), entry(LAST, 0.4)))
                .isEqualTo(2);
    }

    @Test
    void ranksThatNoPageCanFollowAreRefused() {
        CompanionQuestion question = new CompanionQuestion(OTHER, null, 10, null, null);
        for (int rank : new int[] {Integer.MIN_VALUE, 0, Integer.MAX_VALUE - 999, Integer.MAX_VALUE}) {
            String cursor = new PageEnd(7, rank, 0.5f, FIRST, true).cursor(question);

            assertThatThrownBy(() -> PageEnd.read(cursor, question))
                    .as("rank %d", rank)
                    .isInstanceOf(ProblemException.class)
                    .hasMessageContaining("cursor: must come from the Link header");
        }
    }

    private static Entry entry(UUID id, double score) {
        return new Entry(id, score);
    }

    private static int place(UUID id, double score, Entry... ranking) {
        List<Entry> entries = List.of(ranking);
        return new PageEnd(1, 1, (float) score, id, true)
                .placeIn(
                        entries.size(),
                        i -> entries.get(i).id(),
                        i -> entries.get(i).score());
    }
}
