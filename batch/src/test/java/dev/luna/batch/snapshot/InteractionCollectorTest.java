package dev.luna.batch.snapshot;

import static org.assertj.core.api.Assertions.assertThat;

import dev.luna.batch.scoring.InteractionMatrix;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class InteractionCollectorTest {

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3})
    void sumsEqualThoseOfAMap(long seed) {
        Random random = new Random(seed);
        int users = 50;
        int venues = 20;
        InteractionCollector collector = new InteractionCollector(users, venues);
        Map<Integer, Map<Integer, long[]>> expected = new TreeMap<>();
        for (int n = 0; n < 3000; n++) {
            // Low users have much, high ones little, the last none.
            int user = Math.min(random.nextInt(users - 1), random.nextInt(users - 1));
            int venue = random.nextInt(venues);
            boolean positive = random.nextBoolean();
            int dwell = n % 100 == 0 ? Integer.MAX_VALUE : random.nextInt(300);
            collector.add(user, venue, positive ? dwell : -1 - dwell);
            long[] sum = expected.computeIfAbsent(user, u -> new TreeMap<>()).computeIfAbsent(venue, v -> new long[2]);
            sum[0] += positive ? 1 : 0;
            sum[1] += dwell;
        }

        InteractionMatrix matrix = collector.build();

        assertThat(matrix.rows()).isEqualTo(users);
        for (int user = 0; user < users; user++) {
            int entry = matrix.offset(user);
            for (Map.Entry<Integer, long[]> venue :
                    expected.getOrDefault(user, Map.of()).entrySet()) {
                assertThat(matrix.venue(entry)).isEqualTo(venue.getKey());
                assertThat(matrix.likes(entry)).isEqualTo((int) venue.getValue()[0]);
                assertThat(matrix.seconds(entry)).isEqualTo((int) Math.min(Integer.MAX_VALUE, venue.getValue()[1]));
                entry++;
            }
            assertThat(entry).isEqualTo(matrix.offset(user + 1));
        }
    }
}
