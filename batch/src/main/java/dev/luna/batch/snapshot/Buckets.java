package dev.luna.batch.snapshot;

/**
 * How users are dealt out to buckets of neighbours, whose interactions and edges are summed and sorted one bucket at a time.
 *
 * @param users number of users
 * @param bits each bucket holds two to this power of them, the last one what is left
 */
record Buckets(long users, int bits) {

    /** So few that the places where their sums begin fit into the caches of one core. */
    private static final int MOST_BITS = 14;

    /** What the rows of one bucket may take on average; those that exceed it are split further, ... */
    private static final int HEAP_BYTES = 24 << 20;

    /** ... but not into more than so many, for each of which every reader holds {@link Spill} buffers. */
    private static final int MOST_SPLIT = 512;

    /** Buckets for users with so many rows in all. Time: constant. */
    static Buckets of(long users, long interactions, long edges) {
        double bytesOfUser = ((double) InteractionCollector.BYTES * interactions + (double) EdgeCollector.BYTES * edges)
                / Math.max(1, users);
        Buckets buckets = new Buckets(users, MOST_BITS);
        while (buckets.bits > 0
                && bytesOfUser * buckets.size() > HEAP_BYTES
                && buckets.halved().count() <= MOST_SPLIT) {
            buckets = buckets.halved();
        }
        return buckets;
    }

    private Buckets halved() {
        return new Buckets(users, bits - 1);
    }

    /** How many there are; one for no users. */
    int count() {
        return Math.toIntExact((Math.max(1, users) - 1 >>> bits) + 1);
    }

    /** Users of each but the last. */
    int size() {
        return 1 << bits;
    }
}
