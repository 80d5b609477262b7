package dev.luna.batch.snapshot;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import org.junit.jupiter.api.Test;

class UuidIndexTest {

    @Test
    void findsEveryIdAndNoOther() {
        int n = 10_000;
        Random random = new Random(17);
        long[] high = random.longs(n).toArray();
        long[] low = random.longs(n).toArray();

        UuidIndex index = new UuidIndex(high, low, n);

        for (int i = 0; i < n; i++) {
            assertThat(index.find(high[i], low[i])).isEqualTo(i);
            assertThat(index.find(high[i], ~low[i])).isEqualTo(-1);
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

        UuidIndex index = new UuidIndex(high, low, n);

        for (int i = 0; i < n; i++) {
            assertThat(index.find(high[i], low[i])).isEqualTo(i);
        }
    }

    @Test
    void anEmptyIndexFindsNothing() {
        assertThat(new UuidIndex(new long[0], new long[0], 0).find(0, 0)).isEqualTo(-1);
    }
}
