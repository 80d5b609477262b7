package dev.luna.batch.scoring;

import java.util.BitSet;
import org.jspecify.annotations.Nullable;

/**
 * Finds a group's k best venues: first among those that some member has interactions with, one by one, then among all
 * others, down the {@link VenueTree}, the better half first, so that a high threshold is met early. Scratch of one search.
 */
final class GroupSearch {

    private final VenueTree tree;
    private final GroupMembers group;
    private final @Nullable VenueSelection selection;
    private final BitSet ownVenues;
    private final TopK best = new TopK();

    /** A score that k venues reach, whatever has been looked at yet. */
    private final double floor;

    GroupSearch(VenueRanker venues, GroupMembers group, int k, @Nullable VenueSelection selection) {
        this.tree = venues.tree();
        this.group = group;
        this.selection = selection;
        this.ownVenues = group.ownVenues();
        best.reset(k);
        // Which of them a selection admits is found sooner down the tree.
        int kth = selection == null ? venues.popularityOrder().kth(k) : -1;
        floor = kth < 0
                ? Double.NEGATIVE_INFINITY
                : group.leastOfPopularity(venues.catalog().popularity(kth));
    }

    /** The k best; to be called once. */
    TopK find() {
        for (int venue = ownVenues.nextSetBit(0); venue >= 0; venue = ownVenues.nextSetBit(venue + 1)) {
            if (admits(venue) && group.most(venue) >= threshold()) {
                best.offer(group.score(venue), venue);
            }
        }
        collect(1, group.mostOfOthers(1));
        return best;
    }

    /**
     * Offers what a node has.
     *
     * @param most at least the score of each of its venues that is nobody's own
     */
    private void collect(int node, double most) {
        // Lossless: at least k venues score `threshold` or more, as offered so far or by their popularity alone,
        // and each of the node's venues that is still to be offered scores at most `most`; strictly less, so ids
        // cannot matter.
        if (most < threshold() || (selection != null && !selection.mayAdmitAnyOf(tree, node))) {
            return;
        }
        if (!tree.isLeaf(node)) {
            int left = 2 * node;
            double leftMost = group.mostOfOthers(left);
            double rightMost = group.mostOfOthers(left + 1);
            if (leftMost >= rightMost) {
                collect(left, leftMost);
                collect(left + 1, rightMost);
            } else {
                collect(left + 1, rightMost);
                collect(left, leftMost);
            }
            return;
        }
        for (int place = tree.first(node), end = tree.end(node); place < end; place++) {
            int venue = tree.venue[place];
            // The same argument for a single venue.
            if (!ownVenues.get(venue) && admits(venue) && group.most(venue) >= threshold()) {
                best.offer(group.score(venue), venue);
            }
        }
    }

    private double threshold() {
        return Math.max(floor, best.threshold());
    }

    private boolean admits(int venue) {
        return selection == null || selection.admits(venue);
    }
}
