package dev.luna.batch.scoring;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

class UserNumberingTest {

    @Test
    void usersAreNumberedInTheOrderOfTheirFirstNaming() {
        UserNumbering numbers = new UserNumbering(16);
        for (int round = 0; round < 2; round++) {
            Map<Integer, Integer> expected = new LinkedHashMap<>();
            Random random = new Random(round);
            numbers.clear();
            for (int n = 0; n < 20_000; n++) {
                int user = random.nextInt(10_000);
                expected.putIfAbsent(user, expected.size());
                assertThat(numbers.add(user)).isEqualTo(expected.get(user));
            }

            assertThat(numbers.size()).isEqualTo(expected.size());
            expected.forEach((user, number) -> {
                assertThat(numbers.applyAsInt(user)).isEqualTo(number);
                assertThat(numbers.user(number)).isEqualTo(user);
            });
            assertThat(numbers.applyAsInt(10_000)).isEqualTo(-1);
        }
    }
}
