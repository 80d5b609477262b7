package dev.luna.batch.scoring;

/** The one order of all rankings: score descending, then index (which is id text) ascending. */
public final class RankingOrder {

    private RankingOrder() {}

    /** Whether an entry ranks before another. Scores are never NaN. */
    public static boolean before(double score, int index, double otherScore, int otherIndex) {
        return score > otherScore || (score == otherScore && index < otherIndex);
    }
}
