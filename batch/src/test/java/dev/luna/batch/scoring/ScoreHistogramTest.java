package dev.luna.batch.scoring;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import org.junit.jupiter.api.Test;

class ScoreHistogramTest {

    @Test
    void atLeastKScoresReachTheCutAndABucketNeverFallsWithTheScore() {
        long seed = 23;
        Random random = new Random(seed);
        double[][] ranges = {
            {0, 1},
            {0.2, 0.2},
            {0.3, Math.nextUp(0.3)},
            {-1e-290, 4e-290},
            {0, Double.MIN_VALUE},
            {Double.NEGATIVE_INFINITY, Double.NEGATIVE_INFINITY},
            {0, Double.POSITIVE_INFINITY}
        };
        ScoreHistogram histogram = new ScoreHistogram();
        for (double[] range : ranges) {
            histogram.reset(range[0], range[1]);
            double[] scores = random.doubles(300, -0.5, 1.5).toArray();
            scores[0] = Double.NEGATIVE_INFINITY;
            scores[1] = Double.POSITIVE_INFINITY;
            for (double score : scores) {
                histogram.add(score);
            }
            for (int k : new int[] {1, 50, 299, 300, 301, 5000}) {
                int cut = histogram.cut(k);
                int reaching = 0;
                for (double score : scores) {
                    reaching += histogram.bucket(score) >= cut ? 1 : 0;
                }
                assertThat(reaching)
                        .as("seed %d, range %s to %s, k %d", seed, range[0], range[1], k)
                        .isGreaterThanOrEqualTo(Math.min(k, scores.length));
            }
            for (double score : scores) {
                assertThat(histogram.bucket(Math.nextUp(score))).isGreaterThanOrEqualTo(histogram.bucket(score));
            }
        }
    }
}
