package dev.luna.batch.snapshot;

import static org.assertj.core.api.Assertions.assertThat;

import dev.luna.batch.scoring.UuidArray;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class UuidIndexTest {

    @Test
    void findsEveryIdAndNoOther() {
        int n = 10_000;
        Random random = new Random(17);
        long[] high = random.longs(n).toArray();
        long[] low = random.longs(n).toArray();

        UuidIndex index = new UuidIndex(ids(high, low));

        for (int i = 0; i < n; i++) {
            assertThat(index.find(high[i], low[i])).isEqualTo(i);
            assertThat(index.find(high[i], ~low[i])).isEqualTo(-1);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 64, 1000, 65_536, 100_000})
    void manyAreFoundAsOneByOne(int n) {
        Random random = new Random(n);
        long[] high = random.longs(n).toArray();
        long[] low = random.longs(n).toArray();
        UuidIndex index = new UuidIndex(ids(high, low));
        int asked = 2000;
        long[] halves = new long[2 * asked];
        for (int i = 0; i < asked; i++) {
            int of = random.nextInt(n);
            halves[2 * i] = high[of];
            // Every tenth is none of them.
            halves[2 * i + 1] = i % 10 == 0 ? random.nextLong() : low[of];
        }

        int[] found = new int[asked];
        index.findAll(halves, asked, found);

        for (int i = 0; i < asked; i++) {
            int expected = index.find(halves[2 * i], halves[2 * i + 1]);
            assertThat(found[i]).isEqualTo(expected);
            assertThat(expected == -1).isEqualTo(i % 10 == 0);
            assertThat(expected == -1 || high[expected] == halves[2 * i]).isTrue();
        }
    }

    @Test
    void idsThatDifferInOneHalfOnlyAreTold() {
        int n = 4096;
        long[] high = new long[n];
        long[] low = new long[n];
        for (int i = 0; i < n; i++) {
            high[i] = i < n / 2 ? 0 : i;
            low[i] = i < n / 2 ? (long) i << 32 : 0;
        }
        low[0] = -1;

        UuidIndex index = new UuidIndex(ids(high, low));

        for (int i = 0; i < n; i++) {
            assertThat(index.find(high[i], low[i])).isEqualTo(i);
        }
    }

    @Test
    void idsOfTheSameHashAreTold() {
        // The hash is of upper times this number plus lower.
        long[] high = {0, 1};
        long[] low = {5, 5 - 0x9E3779B97F4A7C15L};
        long[] halves = {high[0], low[0], high[1], low[1]};
        int[] found = new int[2];

        new UuidIndex(ids(high, low)).findAll(halves, 2, found);
        assertThat(found).containsExactly(0, 1);

        new UuidIndex(UuidArray.of(new long[] {high[0], low[0]})).findAll(halves, 2, found);
        assertThat(found).containsExactly(0, -1);
    }

    @Test
    void anEmptyIndexFindsNothing() {
        assertThat(new UuidIndex(UuidArray.of(new long[0])).find(0, 0)).isEqualTo(-1);
    }

    private static UuidArray ids(long[] high, long[] low) {
        long[] halves = new long[2 * high.length];
        for (int i = 0; i < high.length; i++) {
            halves[2 * i] = high[i];
            halves[2 * i + 1] = low[i];
        }
        return UuidArray.of(halves);
    }
}
