package dev.luna.batch.scoring;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Finds the venues that can enter the ranking of any user of a cell, a ball of unit vectors.
 *
 * <p>Two walks over the {@link VenueTree}. The first finds a threshold: the k-th largest of the scores that venues reach at
 * least, for every user of the cell; it starts from what the k most popular venues score anywhere. The second collects every
 * venue that can reach the threshold for some user. A venue it leaves out scores less than k others for every user, whatever
 * these prefer, because preference only adds; except for the users' own venues, which are scored apart. Scratch of one
 * thread.
 */
final class CandidateSearch {

    /**
     * Rounding of chords: the chord from the centre to a venue or box is at most 2 and off by at most 4 units of 2^-53
     * relatively, and adding or taking the radius rounds once more; together below 2^-49. The radius itself is rounded
     * upwards where it is made.
     */
    static final double CHORD_ROUNDING = 0x1p-48;

    /** Rounding of a score: two products, two sums, here and in {@link Scores#venue}; each at most 2^-53 relatively. */
    static final double SCORE_ROUNDING = 0x1p-48;

    private final VenueCatalog catalog;
    private final VenueTree tree;
    private final PopularityOrder popularityOrder;
    private final SpatialBound bound;
    private final double spatialWeight;
    private final double popularityWeight;
    private final TopK lowest = new TopK();

    private double cx;
    private double cy;
    private double cz;
    private double radius;
    private @Nullable VenueSelection selection;

    private double threshold;
    private double ceiling;
    private int[] venue = new int[256];
    private int count;

    CandidateSearch(
            VenueCatalog catalog,
            VenueTree tree,
            PopularityOrder popularityOrder,
            SpatialBound bound,
            ScoringProfile profile) {
        this.catalog = catalog;
        this.popularityOrder = popularityOrder;
        this.tree = tree;
        this.bound = bound;
        this.spatialWeight = profile.spatialWeight();
        this.popularityWeight = profile.popularityWeight();
    }

    /** Finds the candidates of the users within {@code radius} (a chord) of the centre. */
    void find(
            double centreX,
            double centreY,
            double centreZ,
            double cellRadius,
            int k,
            @Nullable VenueSelection admitted) {
        cx = centreX;
        cy = centreY;
        cz = centreZ;
        radius = cellRadius;
        selection = admitted;
        threshold = thresholdOfPopularity(k);
        lowest.reset(k);
        raiseThreshold(1);
        lowest.sortedSlots(); // cuts to k, so that the threshold is the k-th
        threshold = Math.max(threshold, lowest.threshold());
        ceiling = threshold;
        count = 0;
        collect(1);
        Arrays.sort(venue, 0, count);
    }

    /** Number of candidates. */
    int count() {
        return count;
    }

    /** The venueIndex of the i-th candidate; ascending. */
    int venue(int i) {
        return venue[i];
    }

    /** Where a venue stands among the candidates from place {@code from} on, or would. */
    int position(int venueIndex, int from) {
        int i = from;
        while (i < count && venue[i] < venueIndex) {
            i++;
        }
        return i;
    }

    /** A score that at least k venues reach for every user of the cell; -infinity if fewer than k qualify. */
    double threshold() {
        return threshold;
    }

    /** A score, without preference, that no venue exceeds for any user of the cell. */
    double ceiling() {
        return ceiling;
    }

    /** Whether every venue is so far from the cell that its spatial score is 0. */
    boolean isOutOfReach(double centreX, double centreY, double centreZ, double cellRadius) {
        double chord = tree.chordTo(1, centreX, centreY, centreZ) - cellRadius - CHORD_ROUNDING;
        return bound.vanishesAt(chord);
    }

    /**
     * What the k most popular venues score at least, wherever they are. -infinity if there are fewer, and under a
     * selection: looking for the most popular that it admits costs more than the tree's first leaves, which tell as much.
     */
    private double thresholdOfPopularity(int k) {
        int kth = selection == null ? popularityOrder.kth(k) : -1;
        return kth < 0
                ? Double.NEGATIVE_INFINITY
                : popularityWeight * catalog.popularity(kth) * (1 - SCORE_ROUNDING) - SpatialBound.TINY;
    }

    private void raiseThreshold(int node) {
        if (tree.isLeaf(node)) {
            raiseThresholdBy(node);
            return;
        }
        // The better half first. Skipping a half that cannot raise the threshold is a matter of speed only: any k lower
        // bounds make a valid threshold.
        int left = 2 * node;
        double leftMost = mostOfLeast(left);
        double rightMost = mostOfLeast(left + 1);
        int better = leftMost >= rightMost ? left : left + 1;
        if (Math.max(leftMost, rightMost) > reached()) {
            raiseThreshold(better);
        }
        if (Math.min(leftMost, rightMost) > reached()) {
            raiseThreshold(better ^ 1);
        }
    }

    private void raiseThresholdBy(int leaf) {
        double near = spatialWeight * bound.estimate(tree.chordTo(leaf, cx, cy, cz) + radius);
        for (int place = tree.first(leaf), end = tree.end(leaf); place < end; place++) {
            double popular = popularityWeight * tree.popularity[place];
            if (near + popular <= reached()) {
                continue;
            }
            double chord = chordTo(place) + radius + CHORD_ROUNDING;
            double least = (spatialWeight * bound.lower(chord) + popular) * (1 - SCORE_ROUNDING) - SpatialBound.TINY;
            if (least > reached() && admits(place)) {
                lowest.offer(least, place);
            }
        }
    }

    /** The threshold so far. */
    private double reached() {
        return Math.max(threshold, lowest.threshold());
    }

    /** The largest lower bound that a venue of the node may have; -infinity when none may be ranked. */
    private double mostOfLeast(int node) {
        if (selection != null && !selection.mayAdmitAnyOf(tree, node)) {
            return Double.NEGATIVE_INFINITY;
        }
        return spatialWeight * bound.estimate(tree.chordTo(node, cx, cy, cz) + radius)
                + popularityWeight * tree.maxPopularity(node);
    }

    private void collect(int node) {
        // Let u be a user of the cell, c its centre and v a venue in the node's box. Then |u - v| >= |c - v| - |u - c|,
        // which is at least chordTo(box) - radius. The spatial score falls with the chord and popularity is at most the
        // node's, so the score is at most `most`; what stays strictly below the threshold ranks behind k others.
        double toBox = near(tree.chordTo(node, cx, cy, cz));
        if (most(toBox, tree.maxPopularity(node)) < threshold
                || (selection != null && !selection.mayAdmitAnyOf(tree, node))) {
            return;
        }
        if (tree.isLeaf(node)) {
            collectFrom(node, toBox);
        } else {
            collect(2 * node);
            collect(2 * node + 1);
        }
    }

    private void collectFrom(int leaf, double toBox) {
        for (int place = tree.first(leaf), end = tree.end(leaf); place < end; place++) {
            // The box first, by the same argument, then the place itself.
            if (most(toBox, tree.popularity[place]) >= threshold && admits(place)) {
                double most = most(near(chordTo(place)), tree.popularity[place]);
                if (most >= threshold) {
                    if (count == venue.length) {
                        venue = Arrays.copyOf(venue, SparseRows.grown(count));
                    }
                    venue[count++] = tree.venue[place];
                    ceiling = Math.max(ceiling, most);
                }
            }
        }
    }

    /** The largest weighted spatial score of a venue at this chord from the centre or farther, for any user. */
    private double near(double chordFromCentre) {
        double chord = Math.max(0, chordFromCentre - radius - CHORD_ROUNDING);
        return spatialWeight * bound.upper(chord);
    }

    /** The largest score, without preference, from a weighted spatial score and a popularity. */
    private double most(double near, double popularity) {
        return (near + popularityWeight * popularity) * (1 + SCORE_ROUNDING) + SpatialBound.TINY;
    }

    private double chordTo(int place) {
        double dx = tree.x[place] - cx;
        double dy = tree.y[place] - cy;
        double dz = tree.z[place] - cz;
        return Math.sqrt(dx * dx + dy * dy + dz * dz);
    }

    private boolean admits(int place) {
        return selection == null || selection.admits(tree.venue[place]);
    }
}
