package dev.luna.batch.scoring;

/**
 * 64 yes-or-no facts about each venue, and about each node of a {@link VenueRanker}'s tree whether any of its venues has
 * the fact, so that a search for venues of some kind passes over the nodes without any. What a bit stands for is the
 * caller's affair. Immutable and thread-safe. Time to build O(n); memory 9 bytes a venue.
 */
public final class VenueFacets {

    private final VenueTree tree;
    private final long[] ofVenue;
    private final long[] ofNode;

    private VenueFacets(VenueTree tree, long[] ofVenue) {
        this.tree = tree;
        this.ofVenue = ofVenue;
        this.ofNode = new long[tree.nodes()];
        for (int node = ofNode.length - 1; node >= 1; node--) {
            if (tree.isLeaf(node)) {
                for (int place = tree.first(node); place < tree.end(node); place++) {
                    ofNode[node] |= ofVenue[tree.venue[place]];
                }
            } else {
                ofNode[node] = ofNode[2 * node] | ofNode[2 * node + 1];
            }
        }
    }

    /**
     * The facets of a ranker's venues.
     *
     * @param bits by venueIndex; must not be changed afterwards
     * @throws IllegalArgumentException if there is not one entry per venue
     */
    public static VenueFacets of(VenueRanker ranker, long[] bits) {
        if (bits.length != ranker.catalog().size()) {
            throw new IllegalArgumentException("bits has " + bits.length + " entries; expected "
                    + ranker.catalog().size() + ", one per venue");
        }
        return new VenueFacets(ranker.tree(), bits);
    }

    /** Whether nodes are numbered as in that tree. */
    boolean areOf(VenueTree other) {
        return tree == other;
    }

    long ofVenue(int venue) {
        return ofVenue[venue];
    }

    /** The bits that some venue of the node has. */
    long ofNode(int node) {
        return ofNode[node];
    }
}
