package dev.luna.batch.scoring;

/**
 * An implicit balanced k-d tree over the venues' unit vectors. Node 1 is the root, nodes 2i and 2i + 1 are the halves of
 * node i, and the nodes of level l share the venues in equal parts: the j-th holds places floor(n j / 2^l) to
 * floor(n (j + 1) / 2^l). Each node knows the box around its venues and their largest popularity. Venues are stored in
 * tree order, so the venues of a leaf (at most {@value #LEAF_VENUES}) lie side by side. Immutable and thread-safe. Time to
 * build O(n log n); memory 36 bytes a venue and 5 to 10 more for the nodes.
 */
final class VenueTree {

    static final int LEAF_VENUES = 24;

    private final int size;
    private final int levels;

    /** Unit vector and popularity by place in tree order. */
    final double[] x;

    final double[] y;
    final double[] z;
    final double[] popularity;

    /** The venueIndex at each place. */
    final int[] venue;

    /** Least x, y, z and largest x, y, z of each node, six numbers a node. */
    private final double[] box;

    private final double[] maxPopularity;

    VenueTree(VenueCatalog catalog) {
        size = catalog.size();
        int depth = 0;
        while (((size - 1) >> depth) >= LEAF_VENUES) {
            depth++;
        }
        levels = depth;
        venue = new int[size];
        for (int i = 0; i < size; i++) {
            venue[i] = i;
        }
        KdSplit splitter = new KdSplit(catalog.x, catalog.y, catalog.z);
        for (int node = 1; node < 1 << levels; node++) {
            splitter.split(venue, first(node), first(2 * node + 1), end(node));
        }
        x = new double[size];
        y = new double[size];
        z = new double[size];
        popularity = new double[size];
        for (int place = 0; place < size; place++) {
            x[place] = catalog.x[venue[place]];
            y[place] = catalog.y[venue[place]];
            z[place] = catalog.z[venue[place]];
            popularity[place] = catalog.popularity(venue[place]);
        }
        box = new double[6 << (levels + 1)];
        maxPopularity = new double[2 << levels];
        for (int node = (2 << levels) - 1; node >= 1; node--) {
            if (isLeaf(node)) {
                coverVenues(node);
            } else {
                coverChildren(node);
            }
        }
    }

    /** One above the last node. */
    int nodes() {
        return maxPopularity.length;
    }

    boolean isLeaf(int node) {
        return node >> levels != 0;
    }

    /** First place of a node. */
    int first(int node) {
        int level = 31 - Integer.numberOfLeadingZeros(node);
        return (int) (((long) size * (node - (1 << level))) >> level);
    }

    /** One past the last place of a node. */
    int end(int node) {
        int level = 31 - Integer.numberOfLeadingZeros(node);
        return (int) (((long) size * (node + 1 - (1 << level))) >> level);
    }

    /** Largest popularity of a node's venues. */
    double maxPopularity(int node) {
        return maxPopularity[node];
    }

    /** Chord from a point to the nearest point of a node's box; relative rounding below 4 units in the last place. */
    double chordTo(int node, double px, double py, double pz) {
        return Math.sqrt(squaredChordTo(node, px, py, pz));
    }

    /**
     * The square of {@link #chordTo}. As rounding is monotone, it is at most {@code dx * dx + dy * dy + dz * dz} of each of
     * the node's venues, computed from x, y and z in this way.
     */
    double squaredChordTo(int node, double px, double py, double pz) {
        int b = 6 * node;
        double dx = Math.max(0, Math.max(box[b] - px, px - box[b + 3]));
        double dy = Math.max(0, Math.max(box[b + 1] - py, py - box[b + 4]));
        double dz = Math.max(0, Math.max(box[b + 2] - pz, pz - box[b + 5]));
        return dx * dx + dy * dy + dz * dz;
    }

    private void coverVenues(int node) {
        int b = 6 * node;
        for (int axis = 0; axis < 3; axis++) {
            double[] at = axis == 0 ? x : axis == 1 ? y : z;
            double least = Double.POSITIVE_INFINITY;
            double most = Double.NEGATIVE_INFINITY;
            for (int place = first(node); place < end(node); place++) {
                least = Math.min(least, at[place]);
                most = Math.max(most, at[place]);
            }
            box[b + axis] = least;
            box[b + 3 + axis] = most;
        }
        double most = 0;
        for (int place = first(node); place < end(node); place++) {
            most = Math.max(most, popularity[place]);
        }
        maxPopularity[node] = most;
    }

    private void coverChildren(int node) {
        int b = 6 * node;
        int left = 12 * node;
        int right = left + 6;
        for (int axis = 0; axis < 3; axis++) {
            box[b + axis] = Math.min(box[left + axis], box[right + axis]);
            box[b + 3 + axis] = Math.max(box[left + 3 + axis], box[right + 3 + axis]);
        }
        maxPopularity[node] = Math.max(maxPopularity[2 * node], maxPopularity[2 * node + 1]);
    }
}
