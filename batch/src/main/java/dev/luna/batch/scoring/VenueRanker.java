package dev.luna.batch.scoring;

import java.util.List;
import java.util.function.IntPredicate;
import org.jspecify.annotations.Nullable;

/** Ranks venues for blocks of users. Immutable and thread-safe; a {@link Worker} belongs to one thread. */
public final class VenueRanker {

    /** Receives the ranking of each row, in ascending order of rows. The view is valid until the method returns. */
    @FunctionalInterface
    public interface Sink {
        void accept(int row, VenueRanking ranking);
    }

    private final VenueCatalog catalog;
    private final ScoringProfile profile;
    private final ReferenceRanker reference;

    public VenueRanker(VenueCatalog catalog, ScoringProfile profile) {
        this.catalog = catalog;
        this.profile = profile;
        this.reference = new ReferenceRanker(catalog, profile);
    }

    public VenueCatalog catalog() {
        return catalog;
    }

    public ScoringProfile profile() {
        return profile;
    }

    /** Scratch for one thread. */
    public Worker newWorker() {
        return new Worker();
    }

    /** Ranks with a worker of its own; for single users. */
    public void rank(
            double[] homeLat,
            double[] homeLng,
            InteractionMatrix own,
            int fromRow,
            int toRow,
            int k,
            @Nullable IntPredicate qualifies,
            Sink sink) {
        newWorker().rank(homeLat, homeLng, own, fromRow, toRow, k, qualifies, sink);
    }

    /** Scratch of one thread. */
    public final class Worker {

        private final VenueRanking ranking = new VenueRanking();

        private Worker() {}

        /**
         * Ranks the venues of rows fromRow (inclusive) to toRow (exclusive).
         *
         * @param homeLat latitudes in degrees by row, NaN without a home
         * @param homeLng longitudes in degrees by row, NaN without a home
         * @param own the users' interactions by row
         * @param k largest length of a ranking, at least 1
         * @param qualifies which venues may be ranked; null for all
         */
        public void rank(
                double[] homeLat,
                double[] homeLng,
                InteractionMatrix own,
                int fromRow,
                int toRow,
                int k,
                @Nullable IntPredicate qualifies,
                Sink sink) {
            for (int row = fromRow; row < toRow; row++) {
                List<RankedVenue> list = reference.rankVenues(homeLat[row], homeLng[row], own, row, k, qualifies);
                ranking.clear(list.size());
                for (RankedVenue venue : list) {
                    int i = ranking.size++;
                    ranking.venue[i] = venue.venueIndex();
                    ranking.score[i] = venue.score();
                    ranking.distanceKm[i] = venue.distanceKm();
                    ranking.spatial[i] = venue.spatial();
                    ranking.preference[i] = venue.preference();
                    ranking.popularity[i] = venue.popularity();
                }
                sink.accept(row, ranking);
            }
        }
    }
}
