package dev.luna.batch.scoring;

import org.jspecify.annotations.Nullable;

/**
 * Ranks the venues of users who live close together: one candidate set and one tile of bounds for the whole cell, then, for
 * each user, canonical scores of his own venues and of those candidates whose bounds reach his k best. Scratch of one
 * thread.
 */
final class CellRanker {

    private final ScoringProfile profile;
    private final VenueTree tree;
    private final PopularityOrder popularityOrder;
    private final CandidateSearch candidates;
    private final VenueTile tile;
    private final VenueScorer scorer;
    private final ScoreHistogram histogram = new ScoreHistogram();

    private int[] survivors = new int[0];
    private InteractionMatrix own;
    private int k = 1;
    private @Nullable VenueSelection selection;
    private VenueRanker.Sink sink = (row, ranking) -> {};

    CellRanker(VenueCatalog catalog, VenueTree tree, PopularityOrder popularityOrder, ScoringProfile profile) {
        this.profile = profile;
        this.tree = tree;
        this.popularityOrder = popularityOrder;
        SpatialBound bound = new SpatialBound(profile.decayPerKm());
        candidates = new CandidateSearch(catalog, tree, popularityOrder, bound, profile);
        tile = new VenueTile(catalog, bound, profile);
        scorer = new VenueScorer(catalog, profile);
        own = InteractionMatrix.empty(0, catalog.size());
    }

    /** Sets what the next cells have in common. */
    void begin(InteractionMatrix interactions, int limit, @Nullable VenueSelection admitted, VenueRanker.Sink target) {
        own = interactions;
        k = limit;
        selection = admitted;
        sink = target;
    }

    /**
     * Ranks the users of a cell.
     *
     * @param homes unit vectors; entry i belongs to row {@code firstRow + i}
     * @param from first entry of the cell
     * @param to one past its last entry
     */
    void rankCell(HomeVectors homes, int firstRow, int from, int to, HomeVectors.Ball ball) {
        // Where nearness is worth nothing, all users share one order, and bounds by nearness would prune nothing.
        if (profile.spatialWeight() == 0 || candidates.isOutOfReach(ball.x, ball.y, ball.z, ball.radius)) {
            for (int i = from; i < to; i++) {
                scorer.begin(k, homes.x[i], homes.y[i], homes.z[i]);
                rankByPopularity(firstRow + i);
            }
            return;
        }
        candidates.find(ball.x, ball.y, ball.z, ball.radius, k, selection);
        tile.columns(ball.x, ball.y, ball.z, ball.radius, candidates);
        if (survivors.length < candidates.count()) {
            survivors = new int[SparseRows.grown(candidates.count())];
        }
        int step = tile.rowsPerProduct();
        for (int group = from; group < to; group += step) {
            int end = Math.min(to, group + step);
            tile.multiply(homes, group, end);
            for (int i = group; i < end; i++) {
                tile.boundRow(i - group);
                scorer.begin(k, homes.x[i], homes.y[i], homes.z[i]);
                rankByBounds(firstRow + i);
            }
        }
    }

    /** Ranks a user without a home. */
    void rankHomeless(int row) {
        scorer.begin(k);
        rankByPopularity(row);
    }

    /**
     * Ranks the user of the last bounds. Each loop here and below is a method of its own: small units are compiled early and
     * once, while one large unit was compiled four times over, for seconds of a run.
     */
    private void rankByBounds(int row) {
        histogram.reset(candidates.threshold(), candidates.ceiling());
        offerOwn(row);
        histogram.addAll(tile.lower(), candidates.count());
        // At least k entries have scores in bucket `cut` or above: own scores as they are, others at least their lower
        // bound. A candidate whose upper bound lies in a lower bucket scores less than each of them. (Own candidates
        // count a second time in the first bucket only, which no cut above 0 includes.)
        offerSurvivors(survivors(histogram.cut(k)));
        sink.accept(row, scorer.finish());
    }

    /** Offers the user's own venues, and takes them from the candidates. */
    private void offerOwn(int row) {
        double[] lower = tile.lower();
        double[] upper = tile.upper();
        int count = candidates.count();
        int j = 0;
        for (int e = own.offset(row), end = own.offset(row + 1); e < end; e++) {
            int venue = own.venue(e);
            j = candidates.position(venue, j);
            if (j < count && candidates.venue(j) == venue) {
                lower[j] = Double.NEGATIVE_INFINITY;
                upper[j] = Double.NEGATIVE_INFINITY;
            }
            if (admits(venue)) {
                histogram.add(scorer.offer(venue, Scores.preference(profile, own.likes(e), own.seconds(e))));
            }
        }
    }

    /** Collects the candidates whose upper bounds lie in bucket {@code cut} or above, and returns their number. */
    private int survivors(int cut) {
        double[] upper = tile.upper();
        int count = candidates.count();
        int kept = 0;
        for (int j = 0; j < count; j++) {
            // Without a branch: which candidates stay is as good as random to the processor.
            survivors[kept] = j;
            kept += histogram.bucket(upper[j]) >= cut & upper[j] != Double.NEGATIVE_INFINITY ? 1 : 0;
        }
        return kept;
    }

    private void offerSurvivors(int kept) {
        for (int i = 0; i < kept; i++) {
            tile.offer(survivors[i], candidates.venue(survivors[i]), scorer);
        }
    }

    private boolean admits(int venue) {
        return selection == null || selection.admits(venue);
    }

    /** Own venues apart, then the k best of the others: those that are the same for everyone. */
    private void rankByPopularity(int row) {
        for (int e = own.offset(row), end = own.offset(row + 1); e < end; e++) {
            if (admits(own.venue(e))) {
                scorer.offer(own.venue(e), Scores.preference(profile, own.likes(e), own.seconds(e)));
            }
        }
        int limit = selection == null || selection.mayAdmitAnyOf(tree, 1) ? popularityOrder.size() : 0;
        for (int i = 0, found = 0; i < limit && found < k; i++) {
            int venue = popularityOrder.venue(i);
            if (admits(venue) && own.entry(row, venue) < 0) {
                scorer.offer(venue, 0);
                found++;
            }
        }
        sink.accept(row, scorer.finish());
    }
}
