package dev.luna.batch.scoring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import java.util.function.DoubleSupplier;
import org.junit.jupiter.api.Test;

/** The k best of what was offered, against sorting all of it. */
class TopKTest {

    private record Entry(double score, int index) {}

    private static final Comparator<Entry> ORDER =
            Comparator.comparingDouble(Entry::score).reversed().thenComparingInt(Entry::index);

    @Test
    void tiesGoToTheSmallerIndexInWhateverOrderTheyAreOffered() {
        TopK best = new TopK();
        best.reset(3);
        for (int index : new int[] {9, 4, 7, 1, 8, 0, 5, 2}) {
            best.offer(0.5, index);
        }
        assertThat(kept(best)).extracting(Entry::index).containsExactly(0, 1, 2);
    }

    @Test
    void fewerOffersThanKAreAllKept() {
        TopK best = new TopK();
        best.reset(100);
        best.offer(1, 0);
        best.offer(3, 1);
        best.offer(2, 2);
        assertThat(kept(best)).extracting(Entry::index).containsExactly(1, 2, 0);
        assertThat(best.threshold()).isEqualTo(Double.NEGATIVE_INFINITY);
    }

    @Test
    void withoutOffersNothingIsKept() {
        TopK best = new TopK();
        best.reset(5);
        assertThat(kept(best)).isEmpty();
    }

    @Test
    void keepsWhatSortingWouldWhateverTheScores() {
        long seed = 17;
        Random random = new Random(seed);
        List<DoubleSupplier> scores = List.of(
                random::nextDouble,
                () -> random.nextInt(3), // nearly all ties
                () -> 1 + random.nextInt(3) * Math.ulp(1.0),
                () -> Math.pow(10, random.nextInt(600) - 300), // all but a few in one bucket
                () -> random.nextInt(1000) * Double.MIN_VALUE,
                () -> random.nextBoolean() ? Double.POSITIVE_INFINITY : random.nextDouble(),
                () -> random.nextBoolean() ? Double.NEGATIVE_INFINITY : -random.nextDouble());
        TopK best = new TopK();
        for (int i = 0; i < scores.size(); i++) {
            for (int k : new int[] {1, 2, 7, 50, 400, 3}) {
                for (int offers : new int[] {1, k, 2 * k - 1, 2 * k, 2 * k + 1, 3000}) {
                    List<Entry> all = new ArrayList<>();
                    best.reset(k);
                    for (int index = 0; index < offers; index++) {
                        // An odd multiplier visits every index of the power of two once, in mixed order.
                        Entry entry = new Entry(scores.get(i).getAsDouble(), (index * 1237) & 4095);
                        all.add(entry);
                        best.offer(entry.score, entry.index);
                    }
                    all.sort(ORDER);
                    assertThat(kept(best))
                            .as("seed %d, scores %d, k %d, %d offers", seed, i, k, offers)
                            .isEqualTo(all.subList(0, Math.min(k, offers)));
                }
            }
        }
    }

    @Test
    void thresholdNeverExceedsTheKthBest() {
        Random random = new Random(18);
        TopK best = new TopK();
        best.reset(10);
        List<Double> all = new ArrayList<>();
        for (int i = 0; i < 500; i++) {
            double score = random.nextInt(200);
            all.add(score);
            best.offer(score, i);
            all.sort(Comparator.reverseOrder());
            assertThat(best.threshold()).isLessThanOrEqualTo(i < 9 ? Double.NEGATIVE_INFINITY : all.get(9));
        }
    }

    @Test
    void slotsBelongToOneEntryWhileItIsKept() {
        Random random = new Random(19);
        TopK best = new TopK();
        best.reset(20);
        int[] indexBySlot = new int[1000];
        for (int i = 0; i < 2000; i++) {
            int slot = best.offer(random.nextDouble(), i);
            if (slot >= 0) {
                indexBySlot[slot] = i;
            }
        }
        int[] slots = best.sortedSlots();
        for (int i = 0; i < best.size(); i++) {
            assertThat(indexBySlot[slots[i]]).isEqualTo(best.index(slots[i]));
        }
    }

    @Test
    void refusesNaNAndListsOfNothing() {
        TopK best = new TopK();
        best.reset(2);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> best.offer(Double.NaN, 7))
                .withMessageContaining("entry 7 is NaN");
        assertThatIllegalArgumentException().isThrownBy(() -> best.reset(0)).withMessageContaining("k is 0");
    }

    private static List<Entry> kept(TopK best) {
        int[] slots = best.sortedSlots();
        List<Entry> entries = new ArrayList<>();
        for (int i = 0; i < best.size(); i++) {
            entries.add(new Entry(best.score(slots[i]), best.index(slots[i])));
        }
        return entries;
    }
}
