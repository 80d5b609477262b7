package dev.luna.batch.scoring;

import java.util.Arrays;
import java.util.function.IntUnaryOperator;
import org.ejml.data.DMatrixRMaj;
import org.ejml.dense.row.CommonOps_DDRM;

/**
 * Ranks a user's friends as companions, in general and at given venues: exactly as {@link ReferenceRanker} does, in its
 * order and with its bits.
 *
 * <p>At venues, the scores are one sum of dense matrices, venues x friends:
 * {@code baseWeight * Base + directWeight * Direct + categoryWeight * Category}. Direct and Category are filled by one scan
 * of each friend's interactions, which looks up the entry's category among those asked for. Time per user: the interactions
 * of his friends, and friends x (venues + 1) for the ranking. Memory: 4 bytes a category, 24 a venue asked for, and 32
 * a friend and venue, for each worker. Immutable and thread-safe; a {@link Worker} belongs to one thread.
 */
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
        if (interactions.venueCount() != catalog.size()) {
            throw new IllegalArgumentException("interactions are over " + interactions.venueCount()
                    + " venues; expected the " + catalog.size() + " of the catalog");
        }
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

    /** Ranks users, one after another, on one thread. */
    public final class Worker {

        private static final int NONE = -1;

        private final CompanionRanking ranking = new CompanionRanking();
        private final TopK best = new TopK();

        /** venues x friends, row = position of the venue in the question, column = position of the edge in its row. */
        private final DMatrixRMaj base = new DMatrixRMaj(1, 1);

        private final DMatrixRMaj direct = new DMatrixRMaj(1, 1);
        private final DMatrixRMaj category = new DMatrixRMaj(1, 1);
        private final DMatrixRMaj score = new DMatrixRMaj(1, 1);

        /** The category slot of a category code plus 1 (entry 0: venues without a category), or NONE if not asked for. */
        private final int[] slotOfCategory = new int[catalog.categoryCount() + 1];

        /** By category slot: the first venue asked for in it, and one friend's sums over its venues. */
        private int[] firstVenue = new int[0];

        private long[] likes = new long[0];
        private long[] seconds = new long[0];

        /** By position of a venue in the question: the next venue of its category, or NONE. */
        private int[] nextVenue = new int[0];

        private Worker() {
            Arrays.fill(slotOfCategory, NONE);
        }

        /**
         * The best k companions of a row in general; the view is valid until the next call.
         *
         * @param k largest length of the ranking, at least 0
         */
        public CompanionRanking rank(int row, int k) {
            if (k == 0) {
                ranking.clear(0);
                return ranking;
            }
            int firstEdge = graph.offset(row);
            int friends = graph.degree(row);
            best.reset(k);
            for (int f = 0; f < friends; f++) {
                best.offer(Scores.companion(profile, graph.strength(firstEdge + f), 0, 0), f);
            }
            int[] slots = best.sortedSlots();
            ranking.clear(best.size());
            for (int i = 0; i < best.size(); i++) {
                int f = best.index(slots[i]);
                ranking.add(graph.friend(firstEdge + f), best.score(slots[i]), graph.strength(firstEdge + f), 0, 0);
            }
            return ranking;
        }

        /**
         * The best k companions of a row at each of the first n venues.
         *
         * @param venues venueIndex of each venue
         * @param n how many of them count
         * @param k largest length of a ranking, at least 1; not looked at when n is 0
         * @throws IllegalArgumentException if a venue is not in the catalog
         */
        public void rankAt(int row, int[] venues, int n, int k, Sink sink) {
            if (n == 0) {
                return;
            }
            int friends = graph.degree(row);
            fill(row, venues, n);
            // Left to right, as Scores.companion sums; EJML adds entry by entry, so the bits are the same.
            CommonOps_DDRM.add(profile.baseWeight(), base, profile.directWeight(), direct, score);
            CommonOps_DDRM.addEquals(score, profile.categoryWeight(), category);
            for (int v = 0; v < n; v++) {
                sink.accept(venues[v], rankingAt(v * friends, graph.offset(row), friends, k));
            }
        }

        /** Ranks by one row of the matrices, which begins at {@code at}. */
        private CompanionRanking rankingAt(int at, int firstEdge, int friends, int k) {
            best.reset(k);
            for (int f = 0; f < friends; f++) {
                // Edges are ordered by friend, so the position breaks ties as the friend's userIndex would.
                best.offer(score.data[at + f], f);
            }
            int[] slots = best.sortedSlots();
            ranking.clear(best.size());
            for (int i = 0; i < best.size(); i++) {
                int f = best.index(slots[i]);
                ranking.add(
                        graph.friend(firstEdge + f),
                        best.score(slots[i]),
                        base.data[at + f],
                        direct.data[at + f],
                        category.data[at + f]);
            }
            return ranking;
        }

        private void fill(int row, int[] venues, int n) {
            int firstEdge = graph.offset(row);
            int friends = graph.degree(row);
            reshape(n, friends);
            int slots = openSlots(venues, n);
            for (int f = 0; f < friends; f++) {
                double strength = graph.strength(firstEdge + f);
                for (int v = 0; v < n; v++) {
                    base.data[v * friends + f] = strength;
                }
                int friendRow = interactionRow.applyAsInt(graph.friend(firstEdge + f));
                if (friendRow >= 0) {
                    scan(friendRow, venues, f, friends);
                    closeSums(slots, f, friends);
                }
            }
            for (int v = 0; v < n; v++) {
                slotOfCategory[catalog.category(venues[v]) + 1] = NONE;
            }
        }

        private void reshape(int n, int friends) {
            base.reshape(n, friends);
            score.reshape(n, friends);
            direct.reshape(n, friends);
            direct.zero();
            category.reshape(n, friends);
            category.zero();
        }

        /** Gives each category of the venues a slot that lists them, and returns the number of slots. */
        private int openSlots(int[] venues, int n) {
            if (nextVenue.length < n) {
                nextVenue = new int[n];
                firstVenue = new int[n];
                likes = new long[n];
                seconds = new long[n];
            }
            for (int v = 0; v < n; v++) {
                if (venues[v] < 0 || venues[v] >= catalog.size()) {
                    throw new IllegalArgumentException(
                            "venue " + venues[v] + " is not in the catalog; expected 0 to " + (catalog.size() - 1));
                }
            }
            int slots = 0;
            for (int v = 0; v < n; v++) {
                int code = catalog.category(venues[v]) + 1;
                if (slotOfCategory[code] == NONE) {
                    slotOfCategory[code] = slots;
                    firstVenue[slots] = NONE;
                    slots++;
                }
                nextVenue[v] = firstVenue[slotOfCategory[code]];
                firstVenue[slotOfCategory[code]] = v;
            }
            return slots;
        }

        /** Sums one friend's interactions by category slot, and notes those with the venues themselves. */
        private void scan(int friendRow, int[] venues, int f, int friends) {
            for (int e = interactions.offset(friendRow), end = interactions.offset(friendRow + 1); e < end; e++) {
                int venue = interactions.venue(e);
                int slot = slotOfCategory[catalog.category(venue) + 1];
                if (slot == NONE) {
                    continue;
                }
                likes[slot] += interactions.likes(e);
                seconds[slot] += interactions.seconds(e);
                for (int v = firstVenue[slot]; v != NONE; v = nextVenue[v]) {
                    if (venues[v] == venue) {
                        direct.data[v * friends + f] =
                                Scores.preference(profile, interactions.likes(e), interactions.seconds(e));
                    }
                }
            }
        }

        /** Turns one friend's sums into category preferences and clears them. */
        private void closeSums(int slots, int f, int friends) {
            int withoutCategory = slotOfCategory[VenueCatalog.NO_CATEGORY + 1];
            for (int slot = 0; slot < slots; slot++) {
                if (slot != withoutCategory && (likes[slot] | seconds[slot]) != 0) {
                    double taste = Scores.category(profile, likes[slot], seconds[slot]);
                    for (int v = firstVenue[slot]; v != NONE; v = nextVenue[v]) {
                        category.data[v * friends + f] = taste;
                    }
                }
                likes[slot] = 0;
                seconds[slot] = 0;
            }
        }
    }
}
