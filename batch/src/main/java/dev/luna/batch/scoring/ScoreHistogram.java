package dev.luna.batch.scoring;

import java.util.Arrays;

/**
 * Counts scores in buckets of equal width to find, without sorting, a cut that at least k of them reach. The bucket of a
 * score never falls when the score rises (each step of its computation is monotone in floating point), so a score in a
 * lower bucket is a smaller score. Scratch of one thread.
 */
final class ScoreHistogram {

    private static final int BUCKETS = 256;

    private final int[] counts = new int[BUCKETS];
    private double lowest;
    private double bucketsPerUnit;

    /** Forgets all scores. Scores below {@code low} or above {@code high} count in the first or last bucket. */
    void reset(double low, double high) {
        Arrays.fill(counts, 0);
        double perUnit = BUCKETS / (high - low);
        // One bucket for all if the range is empty or not finite; infinity times 0 must not reach a bucket as NaN.
        boolean usable = perUnit > 0 && perUnit <= Double.MAX_VALUE;
        lowest = usable ? low : 0;
        bucketsPerUnit = usable ? perUnit : 0;
    }

    void add(double score) {
        counts[bucket(score)]++;
    }

    /** Adds the first n of these scores. */
    void addAll(double[] scores, int n) {
        for (int i = 0; i < n; i++) {
            counts[bucket(scores[i])]++;
        }
    }

    /** The highest bucket such that at least k of the scores lie in it or above; 0 if there are fewer. */
    int cut(int k) {
        int above = 0;
        for (int b = BUCKETS - 1; b > 0; b--) {
            above += counts[b];
            if (above >= k) {
                return b;
            }
        }
        return 0;
    }

    /** The bucket of a score; NaN, which arises from infinite bounds only, falls into the first. */
    int bucket(double score) {
        return Math.max(0, Math.min(BUCKETS - 1, (int) ((score - lowest) * bucketsPerUnit)));
    }
}
