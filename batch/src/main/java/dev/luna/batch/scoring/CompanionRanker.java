package dev.luna.batch.scoring;

import java.util.function.IntUnaryOperator;

/** Ranks companions, in general and at given venues. Immutable and thread-safe; a {@link Worker} belongs to one thread. */
public final class CompanionRanker {

    /** Receives the rankings of a row at each venue asked for, in their order. The view is valid until it returns. */
    @FunctionalInterface
    public interface Sink {
        void accept(int venueIndex, CompanionRanking ranking);
    }

    private final VenueCatalog catalog;
    private final InteractionMatrix interactions;
    private final SocialGraph graph;
    private final ScoringProfile profile;
    private final IntUnaryOperator interactionRow;

    /** A ranker whose users have the same number in the graph's rows, its friends and the interactions' rows. */
    public CompanionRanker(
            VenueCatalog catalog, InteractionMatrix interactions, SocialGraph graph, ScoringProfile profile) {
        this(catalog, interactions, graph, profile, IntUnaryOperator.identity());
    }

    /**
     * A ranker whose rows are numbered otherwise than friends.
     *
     * @param interactionRow row of {@code interactions} of a friend's userIndex, or negative if the friend has none
     */
    public CompanionRanker(
            VenueCatalog catalog,
            InteractionMatrix interactions,
            SocialGraph graph,
            ScoringProfile profile,
            IntUnaryOperator interactionRow) {
        this.catalog = catalog;
        this.interactions = interactions;
        this.graph = graph;
        this.profile = profile;
        this.interactionRow = interactionRow;
    }

    /** Scratch for one thread. */
    public Worker newWorker() {
        return new Worker();
    }

    /** Scratch of one thread. */
    public final class Worker {

        private final CompanionRanking ranking = new CompanionRanking();

        private Worker() {}

        /** The best k companions of the row in general; the view is valid until the next call. */
        public CompanionRanking rank(int row, int k) {
            return fill(row, -1, k);
        }

        /**
         * The best k companions of the row at each of the first n venues.
         *
         * @param venues venueIndex of each venue, each once
         * @param n how many of them count
         */
        public void rankAt(int row, int[] venues, int n, int k, Sink sink) {
            for (int i = 0; i < n; i++) {
                sink.accept(venues[i], fill(row, venues[i], k));
            }
        }

        private CompanionRanking fill(int row, int venue, int k) {
            var list = new ReferenceRanker(catalog, profile)
                    .rankCompanions(graph, interactions, interactionRow, row, venue, k);
            ranking.clear(list.size());
            for (RankedCompanion companion : list) {
                int i = ranking.size++;
                ranking.friend[i] = companion.friendIndex();
                ranking.score[i] = companion.score();
                ranking.base[i] = companion.base();
                ranking.direct[i] = companion.direct();
                ranking.category[i] = companion.category();
            }
            return ranking;
        }
    }
}
