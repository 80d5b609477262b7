package dev.luna.batch.scoring;

import java.util.Arrays;

/**
 * Who is whose friend: rows (users) x users, in compressed sparse rows. Entry = strength of the edge row -> friend.
 *
 * <p>Row r holds positions {@code offset(r)} to {@code offset(r + 1)} of two parallel arrays, ordered by friend, each friend
 * once. Friends are numbered by userIndex, in the order of the id's text, so that ties on score go to the smaller index;
 * rows may be numbered otherwise (for instance by position in scoring order). Immutable and thread-safe. Memory: 12 bytes
 * an edge, 4 a row.
 */
public final class SocialGraph {

    private final int[] offsets;
    private final int[] friend;
    private final double[] strength;

    private SocialGraph(int[] offsets, int[] friend, double[] strength) {
        this.offsets = offsets;
        this.friend = friend;
        this.strength = strength;
    }

    /**
     * A graph over the given arrays, which become its own: they must not be changed afterwards. The two entry arrays may
     * be longer than the last offset.
     *
     * @param userCount number of columns
     * @param offsets rows + 1 ascending positions, from 0 to the number of edges
     * @param friend userIndex of each edge's end, strictly ascending within a row
     * @param strength strength of each edge in [0, 1]
     * @throws IllegalArgumentException naming the row and the value that does not fit
     */
    public static SocialGraph of(int userCount, int[] offsets, int[] friend, double[] strength) {
        SparseRows.require(offsets, friend, userCount, "friend");
        int edges = offsets[offsets.length - 1];
        if (strength.length < edges) {
            throw new IllegalArgumentException(
                    "strength has " + strength.length + " entries; expected at least " + edges + ", the last offset");
        }
        for (int e = 0; e < edges; e++) {
            if (!(strength[e] >= 0 && strength[e] <= 1)) {
                throw new IllegalArgumentException(
                        "edge " + e + " (friend " + friend[e] + ") has strength " + strength[e] + "; expected [0, 1]");
            }
        }
        return new SocialGraph(offsets, friend, strength);
    }

    /** Starts a graph that is built row by row. */
    public static Builder builder(int userCount) {
        return new Builder(userCount);
    }

    /** Number of edges. */
    public int edges() {
        return offsets[offsets.length - 1];
    }

    /** First edge of a row; {@code offset(row + 1)} is one past its last. */
    public int offset(int row) {
        return offsets[row];
    }

    /** Number of edges of a row. */
    public int degree(int row) {
        return offsets[row + 1] - offsets[row];
    }

    /** The userIndex at the end of an edge. */
    public int friend(int edge) {
        return friend[edge];
    }

    /** Strength of an edge in [0, 1]. */
    public double strength(int edge) {
        return strength[edge];
    }

    /** Builds a graph row by row; edges of a row may come in any order. Not thread-safe. */
    public static final class Builder {

        private final int userCount;
        private int[] offsets = new int[2];
        private int[] friend = new int[16];
        private double[] strength = new double[16];
        private int rows;
        private int edges;

        private Builder(int userCount) {
            this.userCount = userCount;
        }

        /** Adds an edge to the current row. */
        public Builder add(int friendIndex, double edgeStrength) {
            if (edges == friend.length) {
                int capacity = SparseRows.grown(edges);
                friend = Arrays.copyOf(friend, capacity);
                strength = Arrays.copyOf(strength, capacity);
            }
            // Insertion keeps the row ordered; rows that arrive in order cost nothing extra.
            int at = edges++;
            while (at > offsets[rows] && friend[at - 1] > friendIndex) {
                friend[at] = friend[at - 1];
                strength[at] = strength[at - 1];
                at--;
            }
            friend[at] = friendIndex;
            strength[at] = edgeStrength;
            return this;
        }

        /** Ends the current row, which may be empty, and begins the next. */
        public Builder endRow() {
            rows++;
            if (rows == offsets.length) {
                offsets = Arrays.copyOf(offsets, SparseRows.grown(rows));
            }
            offsets[rows] = edges;
            return this;
        }

        /**
         * The graph of all ended rows. The builder must not be used afterwards.
         *
         * @throws IllegalArgumentException if a friend stands twice in a row or is outside the columns
         * @throws IllegalStateException if the last row was not ended
         */
        public SocialGraph build() {
            if (edges != offsets[rows]) {
                throw new IllegalStateException(
                        "row " + rows + " has " + (edges - offsets[rows]) + " edges but was not ended; call endRow()");
            }
            return of(userCount, Arrays.copyOf(offsets, rows + 1), friend, strength);
        }
    }
}
