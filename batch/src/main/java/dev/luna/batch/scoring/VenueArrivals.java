package dev.luna.batch.scoring;

import java.util.function.IntConsumer;

/**
 * Finds the users into whose stored rankings a venue may come that was not there before, or elsewhere. Lossless: whoever is
 * not found keeps his ranking. Some are found in vain, those whose last venue ties with the arrival after rounding.
 *
 * <p>Only for users without interactions with these venues. Time per user as {@link VenueRanker} over the arrivals alone,
 * which is far below that of ranking him anew. Immutable and thread-safe.
 */
public final class VenueArrivals {

    /** Users ranked together; neighbours share candidates. */
    private static final int BLOCK_USERS = 512;

    private final VenueRanker ranker;

    /**
     * @param arrivals the venues that arrived, with the likes and the largest likes that their popularity is to be of
     * @param profile profile of the stored rankings
     */
    public VenueArrivals(VenueCatalog arrivals, ScoringProfile profile) {
        this.ranker = new VenueRanker(arrivals, profile);
    }

    /**
     * Finds rows, best in {@link PlanOrder}.
     *
     * @param homeLat latitudes in degrees by row, NaN without a home
     * @param homeLng longitudes in degrees by row, NaN without a home
     * @param lastScore stored score of each row's last venue; negative infinity if its ranking takes more venues
     * @param reached receives each row into whose ranking a venue may come, in ascending order
     */
    public void reach(double[] homeLat, double[] homeLng, float[] lastScore, IntConsumer reached) {
        int rows = lastScore.length;
        InteractionMatrix none = InteractionMatrix.empty(rows, ranker.catalog().size());
        VenueRanker.Worker worker = ranker.newWorker();
        for (int from = 0; from < rows; from += BLOCK_USERS) {
            // If the best of them stays out, all do. Rounding to float is monotone: a score at or above the last one's
            // is at or above it when both are rounded, so no arrival that enters, by score or by id, is lost.
            worker.rank(homeLat, homeLng, none, from, Math.min(rows, from + BLOCK_USERS), 1, null, (row, ranking) -> {
                if (ranking.size() > 0 && (float) ranking.score(0) >= lastScore[row]) {
                    reached.accept(row);
                }
            });
        }
    }
}
