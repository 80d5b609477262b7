package dev.luna.batch.scoring;

import org.jspecify.annotations.Nullable;

/**
 * Ranks, for users of a block, the k venues of highest score: exactly those of {@link ReferenceRanker}, in its order and
 * with its bits, without scoring every venue.
 *
 * <p>A block is cut into cells of neighbouring users. A cell shares one candidate set, found by bounds over a tree of the
 * venues, and one matrix product that bounds the score of each of its users for each candidate; only what the bounds
 * cannot exclude is scored. A user's own venues are scored apart. Users without a home, and users out of reach of every
 * venue, rank by popularity. Which users share a cell or a block has no influence on any result.
 *
 * <p>Blocks are cheapest when their rows come in {@link PlanOrder}, in runs that start at multiples of a power of two of
 * some hundred. Memory: 45 to 50 bytes a venue, and below a megabyte a worker while k is far below the number of venues.
 * Immutable and thread-safe; a {@link Worker} belongs to one thread.
 */
public final class VenueRanker {

    /** Receives the ranking of each row, in ascending order of rows. The view is valid until the method returns. */
    @FunctionalInterface
    public interface Sink {
        void accept(int row, VenueRanking ranking);
    }

    /** Most users of a cell. */
    private static final int CELL_USERS = 128;

    /** Largest radius of a cell of several users, as a chord of the unit sphere: 10 km. */
    private static final double CELL_RADIUS = 10 / Sphere.RADIUS_KM;

    private final VenueCatalog catalog;
    private final ScoringProfile profile;
    private final VenueTree tree;
    private final PopularityOrder popularityOrder;

    /** Builds the tree; time O(n log n) in the number of venues. */
    public VenueRanker(VenueCatalog catalog, ScoringProfile profile) {
        this.catalog = catalog;
        this.profile = profile;
        this.tree = new VenueTree(catalog);
        this.popularityOrder = new PopularityOrder(catalog, profile);
    }

    /** The venues it ranks. */
    public VenueCatalog catalog() {
        return catalog;
    }

    /** What it ranks them by. */
    public ScoringProfile profile() {
        return profile;
    }

    VenueTree tree() {
        return tree;
    }

    PopularityOrder popularityOrder() {
        return popularityOrder;
    }

    /** Refuses interactions over another catalog, a selection by another tree, and a ranking of no length. */
    void requireColumns(InteractionMatrix own, int k, @Nullable VenueSelection selection) {
        if (own.venueCount() != catalog.size()) {
            throw new IllegalArgumentException("interactions are over " + own.venueCount() + " venues; expected the "
                    + catalog.size() + " of the catalog");
        }
        if (k < 1) {
            throw new IllegalArgumentException("k is " + k + "; expected at least 1");
        }
        if (selection != null) {
            selection.requireTree(tree);
        }
    }

    /** Scratch for one thread. */
    public Worker newWorker() {
        return new Worker();
    }

    /** Ranks with a worker of its own, as {@link Worker#rank}; for single users. */
    public void rank(
            double[] homeLat,
            double[] homeLng,
            InteractionMatrix own,
            int fromRow,
            int toRow,
            int k,
            @Nullable VenueSelection selection,
            Sink sink) {
        newWorker().rank(homeLat, homeLng, own, fromRow, toRow, k, selection, sink);
    }

    /** Ranks blocks, one after another, on one thread. */
    public final class Worker {

        private final CellRanker cells = new CellRanker(catalog, tree, popularityOrder, profile);
        private final HomeVectors homes = new HomeVectors();
        private final HomeVectors.Ball ball = new HomeVectors.Ball();

        private Worker() {}

        /**
         * Ranks the venues of rows fromRow (inclusive) to toRow (exclusive).
         *
         * @param homeLat latitudes in degrees by row, in [-90, 90], NaN without a home
         * @param homeLng longitudes in degrees by row, in [-180, 180], NaN without a home
         * @param own the users' interactions by row
         * @param k largest length of a ranking, at least 1; it is shorter only if fewer venues qualify
         * @param selection which venues may be ranked; null for all
         * @param sink receives each row's ranking
         * @throws IllegalArgumentException naming what does not fit, with its row
         */
        public void rank(
                double[] homeLat,
                double[] homeLng,
                InteractionMatrix own,
                int fromRow,
                int toRow,
                int k,
                @Nullable VenueSelection selection,
                Sink sink) {
            if (fromRow < 0
                    || fromRow > toRow
                    || toRow > own.rows()
                    || toRow > homeLat.length
                    || toRow > homeLng.length) {
                throw new IllegalArgumentException("rows " + fromRow + " to " + toRow + " of " + own.rows()
                        + " interaction rows and " + homeLat.length + " by " + homeLng.length
                        + " coordinates; expected an ascending range within all of them");
            }
            requireColumns(own, k, selection);
            cells.begin(own, k, selection, sink);
            int row = fromRow;
            while (row < toRow) {
                int end = row;
                while (end < toRow && hasHome(homeLat[end], homeLng[end], end)) {
                    end++;
                }
                if (end > row) {
                    homes.set(homeLat, homeLng, row, end);
                    rankCells(row, row, end);
                } else {
                    cells.rankHomeless(row);
                    end++;
                }
                row = end;
            }
        }

        private void rankCells(int firstRow, int fromRow, int toRow) {
            int from = fromRow - firstRow;
            int to = toRow - firstRow;
            homes.cover(from, to, ball);
            if (to - from == 1 || (to - from <= CELL_USERS && ball.radius <= CELL_RADIUS)) {
                cells.rankCell(homes, firstRow, from, to, ball);
                return;
            }
            // The row of the range that is the multiple of the highest power of two: there PlanOrder splits space.
            int middle = (toRow - 1) & -Integer.highestOneBit((toRow - 1) ^ fromRow);
            rankCells(firstRow, fromRow, middle);
            rankCells(firstRow, middle, toRow);
        }
    }

    /** Whether coordinates are a home; refuses half a home and places off the earth. */
    static boolean hasHome(double lat, double lng, int row) {
        if (Double.isNaN(lat) && Double.isNaN(lng)) {
            return false;
        }
        if (!(Math.abs(lat) <= 90 && Math.abs(lng) <= 180)) {
            throw new IllegalArgumentException("row " + row + " has its home at latitude " + lat + ", longitude " + lng
                    + "; expected [-90, 90] and [-180, 180], or NaN for both");
        }
        return true;
    }
}
