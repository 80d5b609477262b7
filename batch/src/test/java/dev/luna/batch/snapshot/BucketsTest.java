package dev.luna.batch.snapshot;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class BucketsTest {

    @ParameterizedTest
    @CsvSource({
        "0, 0, 0, 1, 16384",
        "1, 5, 5, 1, 16384",
        "16384, 327680, 163840, 1, 16384",
        "16385, 327680, 163840, 2, 16384",
        "1000000, 20000000, 10000000, 62, 16384",
        // 2,000 interactions of each user, 56 kB: 256 users are 14 MB, 512 would be 29.
        "10000, 20000000, 0, 40, 256",
        // 10,000 edges of each, 400 kB.
        "10000, 0, 100000000, 313, 32",
        // 7 MB of each user: no more than 512 buckets, so not 2 users each, which are 14 MB, but 256.
        "131072, 33000000000, 0, 512, 256",
        // 28 MB of each, and there is nothing to split a user into.
        "1, 1000000, 0, 1, 1",
        "512, 512000000, 0, 512, 1"
    })
    void crowdedOnesHoldFewerUsers(long users, long interactions, long edges, int count, int size) {
        Buckets buckets = Buckets.of(users, interactions, edges);

        assertThat(buckets.count()).isEqualTo(count);
        assertThat(buckets.size()).isEqualTo(size);
    }

    @Test
    void everyUserIsInOne() {
        Random random = new Random(7);
        for (int i = 0; i < 1_000; i++) {
            int users = 1 + random.nextInt(3_000_000);
            Buckets buckets =
                    Buckets.of(users, random.nextInt(1_000) * (long) users, random.nextInt(500) * (long) users);

            assertThat((users - 1) >>> buckets.bits()).isEqualTo(buckets.count() - 1);
        }
    }
}
