package dev.luna.batch.scoring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class GroupStrategyTest {

    @Test
    void scoresOfThreeMembers() {
        double[] scores = {0.1, 0.4, 0.7};
        assertThat(GroupStrategy.AVERAGE.score(scores, 3)).isCloseTo(0.4, within(1e-15));
        assertThat(GroupStrategy.LEAST_MISERY.score(scores, 3)).isEqualTo(0.1);
        // Differences 0.3, 0.3, 0.6 add up to 1.2; the spread is 1.2 / 9.
        assertThat(GroupStrategy.FAIRNESS.score(scores, 3)).isCloseTo(0.4 - 1.2 / 9, within(1e-15));
    }

    @ParameterizedTest
    @EnumSource
    void oneMemberIsTheGroup(GroupStrategy strategy) {
        assertThat(strategy.score(new double[] {0.3}, 1)).isEqualTo(0.3);
    }

    @Test
    void fairnessIsTheMeanMinusHalfTheMeanDifferenceOfTwoMembers() {
        Random random = new Random(7);
        for (int draw = 0; draw < 200; draw++) {
            double[] scores = ascending(random);
            int n = scores.length;
            double differences = 0;
            for (double one : scores) {
                for (double other : scores) {
                    differences += Math.abs(one - other);
                }
            }
            double mean = Arrays.stream(scores).average().orElseThrow();
            assertThat(GroupStrategy.FAIRNESS.score(scores, n))
                    .isCloseTo(mean - differences / ((double) n * n) / 2, within(1e-14));
        }
    }

    @ParameterizedTest
    @EnumSource
    void noGroupIsWorseOffWhenAMemberIsHappier(GroupStrategy strategy) {
        Random random = new Random(8);
        for (int draw = 0; draw < 2000; draw++) {
            double[] scores = ascending(random);
            double before = strategy.score(scores, scores.length);
            // By the least step that doubles know, or by much: monotone exactly, for the bounds rely on it.
            int member = random.nextInt(scores.length);
            scores[member] = draw % 2 == 0 ? Math.nextUp(scores[member]) : scores[member] + random.nextDouble();
            Arrays.sort(scores);
            assertThat(strategy.score(scores, scores.length))
                    .as("seed 8, draw %d", draw)
                    .isGreaterThanOrEqualTo(before);
        }
    }

    private static double[] ascending(Random random) {
        return random.doubles(1 + random.nextInt(GroupRanker.MAX_MEMBERS))
                .sorted()
                .toArray();
    }
}
