package dev.luna.batch.snapshot;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class FriendRowsTest {

    @Test
    void usersAreNumberedInTheOrderOfTheirFirstNaming() {
        FriendRows rows = new FriendRows();
        Map<Integer, Integer> expected = new LinkedHashMap<>();
        Random random = new Random(3);
        for (int n = 0; n < 20_000; n++) {
            int user = random.nextInt(10_000);
            rows.add(user);
            expected.putIfAbsent(user, expected.size());
        }

        int[] positions = rows.positions(
                IntStream.range(0, 10_000).map(user -> 10_000 - user).toArray());
        assertThat(positions).hasSize(expected.size());
        expected.forEach((user, row) -> {
            assertThat(rows.applyAsInt(user)).isEqualTo(row);
            assertThat(positions[row]).isEqualTo(10_000 - user);
        });
        assertThat(rows.applyAsInt(10_000)).isEqualTo(-1);
    }
}
