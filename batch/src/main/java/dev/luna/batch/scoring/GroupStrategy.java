package dev.luna.batch.scoring;

/**
 * How the scores that a group's members give a venue become the group's score.
 *
 * <p>Every strategy is a weighted sum of the members' scores in ascending order (an ordered weighted average) with weights
 * that are at least 0 and add up to 1. Two properties follow, in floating point too, for each product, sum and quotient
 * rounds monotonically: the score does not depend on the order of the members, and raising a member's score never lowers
 * the group's. The second makes members' bounds bounds of the group.
 *
 * <p>The aggregation functions are those of J. Masthoff, "Group Recommender Systems: Aggregation, Satisfaction and Group
 * Attributes" (Recommender Systems Handbook, 2nd ed., 2015); relevance minus disagreement is from S. Amer-Yahia et al.,
 * "Group Recommendation: Semantics and Efficiency" (PVLDB 2009), sections 2.1 and 2.2.
 */
public enum GroupStrategy {
    /** The mean of the members' scores. */
    AVERAGE,

    /** The score of the unhappiest member. */
    LEAST_MISERY,

    /**
     * The mean minus the spread, which is half the mean difference between two members (drawn with repetition):
     *
     * <pre>
     * spread = sum over i &lt; j of |s_i - s_j| / n^2
     * </pre>
     *
     * Amer-Yahia's average pair-wise disagreement, weighted as in Gini's coefficient, which makes it A. Sen's welfare
     * mean * (1 - Gini) ("Real National Income", 1976). A variance or a standard deviation would let the group's score fall
     * when somebody is happier; this weight is the largest at which it never does, and a pair counts its unhappier member
     * three times as much as the other. Sorted ascending from 0, s_i has the weight (2 (n - i) - 1) / n^2.
     */
    FAIRNESS;

    /**
     * The group's score.
     *
     * @param ascending the members' scores, in ascending order, in the first {@code n} places
     * @param n number of members, at least 1
     */
    double score(double[] ascending, int n) {
        return switch (this) {
            case AVERAGE -> average(ascending, n);
            case LEAST_MISERY -> ascending[0];
            case FAIRNESS -> fairness(ascending, n);
        };
    }

    private static double average(double[] ascending, int n) {
        double sum = 0;
        for (int i = 0; i < n; i++) {
            sum += ascending[i];
        }
        return sum / n;
    }

    private static double fairness(double[] ascending, int n) {
        double sum = 0;
        for (int i = 0; i < n; i++) {
            sum += (2.0 * (n - i) - 1) * ascending[i];
        }
        return sum / ((double) n * n);
    }
}
