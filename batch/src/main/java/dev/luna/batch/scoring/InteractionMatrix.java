package dev.luna.batch.scoring;

import java.util.Arrays;

/**
 * Who did what where: rows (users) x venues, in compressed sparse rows. Entry = likes and dwell seconds of the pair.
 *
 * <p>Row r holds positions {@code offset(r)} to {@code offset(r + 1)} of three parallel arrays, ordered by venueIndex, each
 * venue once. Which user a row stands for is the caller's numbering. Seconds saturate at {@link Integer#MAX_VALUE}, which
 * no {@link ScoringProfile} can tell from the true sum. Immutable and thread-safe. Memory: 12 bytes an entry, 4 a row.
 */
public final class InteractionMatrix {

    private final int venueCount;
    private final int[] offsets;
    private final int[] venue;
    private final int[] likes;
    private final int[] seconds;

    private InteractionMatrix(int venueCount, int[] offsets, int[] venue, int[] likes, int[] seconds) {
        this.venueCount = venueCount;
        this.offsets = offsets;
        this.venue = venue;
        this.likes = likes;
        this.seconds = seconds;
    }

    /**
     * A matrix over the given arrays, which become its own: they must not be changed afterwards. The three entry arrays
     * may be longer than the last offset.
     *
     * @param venueCount number of columns
     * @param offsets rows + 1 ascending positions, from 0 to the number of entries
     * @param venue column of each entry, strictly ascending within a row
     * @param likes likes of each entry, at least 0
     * @param seconds dwell seconds of each entry, at least 0
     * @throws IllegalArgumentException naming the row and the value that does not fit
     */
    public static InteractionMatrix of(int venueCount, int[] offsets, int[] venue, int[] likes, int[] seconds) {
        SparseRows.require(offsets, venue, venueCount, "venue");
        int entries = offsets[offsets.length - 1];
        if (likes.length < entries || seconds.length < entries) {
            throw new IllegalArgumentException("likes has " + likes.length + " and seconds " + seconds.length
                    + " entries; expected at least " + entries + ", the last offset");
        }
        for (int e = 0; e < entries; e++) {
            if (likes[e] < 0 || seconds[e] < 0) {
                throw new IllegalArgumentException("entry " + e + " (venue " + venue[e] + ") has " + likes[e]
                        + " likes and " + seconds[e] + " seconds; expected both at least 0");
            }
        }
        return new InteractionMatrix(venueCount, offsets, venue, likes, seconds);
    }

    /** A matrix without entries. */
    public static InteractionMatrix empty(int rows, int venueCount) {
        return of(venueCount, new int[rows + 1], new int[0], new int[0], new int[0]);
    }

    /** Starts a matrix that is built row by row. */
    public static Builder builder(int venueCount) {
        return new Builder(venueCount);
    }

    /** Number of rows. */
    public int rows() {
        return offsets.length - 1;
    }

    /** One row as a matrix of its own. */
    public InteractionMatrix row(int row) {
        int from = offsets[row];
        int to = offsets[row + 1];
        return new InteractionMatrix(
                venueCount,
                new int[] {0, to - from},
                Arrays.copyOfRange(venue, from, to),
                Arrays.copyOfRange(likes, from, to),
                Arrays.copyOfRange(seconds, from, to));
    }

    /** Number of columns. */
    public int venueCount() {
        return venueCount;
    }

    /** Number of entries. */
    public int entries() {
        return offsets[offsets.length - 1];
    }

    /** First entry of a row; {@code offset(row + 1)} is one past its last. */
    public int offset(int row) {
        return offsets[row];
    }

    /** The venueIndex of an entry. */
    public int venue(int entry) {
        return venue[entry];
    }

    /** Interactions of a positive type of an entry. */
    public int likes(int entry) {
        return likes[entry];
    }

    /** Dwell seconds of an entry. */
    public int seconds(int entry) {
        return seconds[entry];
    }

    /** The entry of a row and venue, or -1 if there is none. Binary search. */
    public int entry(int row, int venueIndex) {
        int found = Arrays.binarySearch(venue, offsets[row], offsets[row + 1], venueIndex);
        return found < 0 ? -1 : found;
    }

    /** Builds a matrix row by row; entries of a row may come in any order. Not thread-safe. */
    public static final class Builder {

        private final int venueCount;
        private int[] offsets = new int[2];
        private int[] venue = new int[16];
        private int[] likes = new int[16];
        private int[] seconds = new int[16];
        private int rows;
        private int entries;

        private Builder(int venueCount) {
            this.venueCount = venueCount;
        }

        /** Adds an entry to the current row. Seconds above {@link Integer#MAX_VALUE} saturate. */
        public Builder add(int venueIndex, int likeCount, long dwellSeconds) {
            if (entries == venue.length) {
                int capacity = SparseRows.grown(entries);
                venue = Arrays.copyOf(venue, capacity);
                likes = Arrays.copyOf(likes, capacity);
                seconds = Arrays.copyOf(seconds, capacity);
            }
            int saturated = (int) Math.min(dwellSeconds, Integer.MAX_VALUE);
            // Insertion keeps the row ordered; rows that arrive in order cost nothing extra.
            int at = entries++;
            while (at > offsets[rows] && venue[at - 1] > venueIndex) {
                venue[at] = venue[at - 1];
                likes[at] = likes[at - 1];
                seconds[at] = seconds[at - 1];
                at--;
            }
            venue[at] = venueIndex;
            likes[at] = likeCount;
            seconds[at] = saturated;
            return this;
        }

        /** Ends the current row, which may be empty, and begins the next. */
        public Builder endRow() {
            rows++;
            if (rows == offsets.length) {
                offsets = Arrays.copyOf(offsets, SparseRows.grown(rows));
            }
            offsets[rows] = entries;
            return this;
        }

        /**
         * The matrix of all ended rows. The builder must not be used afterwards.
         *
         * @throws IllegalArgumentException if a venue stands twice in a row or is outside the columns
         * @throws IllegalStateException if the last row was not ended
         */
        public InteractionMatrix build() {
            if (entries != offsets[rows]) {
                throw new IllegalStateException("row " + rows + " has " + (entries - offsets[rows])
                        + " entries but was not ended; call endRow()");
            }
            return of(venueCount, Arrays.copyOf(offsets, rows + 1), venue, likes, seconds);
        }
    }
}
