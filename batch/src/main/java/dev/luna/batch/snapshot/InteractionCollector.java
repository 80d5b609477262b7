package dev.luna.batch.snapshot;

import dev.luna.batch.scoring.InteractionMatrix;
import java.util.Arrays;

/**
 * Sums raw interactions, in whatever order they come, to likes and seconds per row (user) and venue.
 *
 * <p>A counting sort by row, then a sort of each row's few by venue: O(n log(interactions of one row)) time and
 * {@value #BYTES} bytes an interaction. All sums are of integers, so the order of arrival cannot change a result. Not
 * thread-safe.
 */
final class InteractionCollector {

    /** Bytes of heap an interaction takes at the peak. */
    static final int BYTES = 28;

    private final int venueCount;
    private final int[] offsets;
    private final IntPages rowOf = new IntPages();
    private final IntPages venues = new IntPages();
    private final IntPages dwells = new IntPages();
    private long[] scratch = new long[16];

    InteractionCollector(int rows, int venueCount) {
        this.venueCount = venueCount;
        this.offsets = new int[rows + 1];
    }

    /**
     * Adds one interaction.
     *
     * @param dwell its seconds if it is of a positive type, otherwise -1 - seconds; see {@link InputScan#dwell}
     */
    void add(int row, int venueIndex, int dwell) {
        rowOf.add(row);
        venues.add(venueIndex);
        dwells.add(dwell);
        offsets[row + 1]++;
    }

    /**
     * The sums, by row. Nothing may be added afterwards. Each loop is a method of its own: the JVM compiles it once, when it
     * is hot, and not all of them anew for each.
     */
    InteractionMatrix build() {
        RowOffsets.sum(offsets);
        int n = rowOf.size();
        int[] venue = new int[n];
        int[] likes = new int[n];
        sortByRow(venue, likes);
        int[] seconds = new int[n];
        sumRows(venue, likes, seconds);
        return InteractionMatrix.of(venueCount, offsets, venue, likes, seconds);
    }

    private void sortByRow(int[] venue, int[] dwell) {
        int[] next = offsets.clone();
        for (int i = 0; i < venue.length; i++) {
            int at = next[rowOf.get(i)]++;
            venue[at] = venues.get(i);
            dwell[at] = dwells.get(i);
        }
    }

    /** Turns interactions into sums, and the rows' offsets into those of the sums. */
    private void sumRows(int[] venue, int[] likes, int[] seconds) {
        int end = 0;
        for (int row = 0; row < offsets.length - 1; row++) {
            int count = sortByVenue(venue, likes, offsets[row], offsets[row + 1]);
            // Sums are written over rows that have been read: a row never ends later than it began.
            offsets[row] = end;
            end = sum(scratch, count, venue, likes, seconds, end);
        }
        offsets[offsets.length - 1] = end;
    }

    /** Puts the interactions of a row into {@link #scratch}, venue and dwell in one number each, and returns how many. */
    private int sortByVenue(int[] venue, int[] dwell, int from, int end) {
        int count = end - from;
        if (scratch.length < count) {
            scratch = new long[Math.max(count, scratch.length * 2)];
        }
        for (int i = 0; i < count; i++) {
            scratch[i] = (long) venue[from + i] << 32 | dwell[from + i] & 0xFFFF_FFFFL;
        }
        Arrays.sort(scratch, 0, count);
        return count;
    }

    /** Writes one entry per venue of a sorted row from position {@code at} and returns the position after the last. */
    private static int sum(long[] row, int count, int[] venue, int[] likes, int[] seconds, int at) {
        int i = 0;
        while (i < count) {
            int current = (int) (row[i] >>> 32);
            int likeSum = 0;
            long secondSum = 0;
            for (; i < count && (int) (row[i] >>> 32) == current; i++) {
                int dwell = (int) row[i];
                likeSum += dwell < 0 ? 0 : 1;
                secondSum += dwell < 0 ? -1 - dwell : dwell;
            }
            venue[at] = current;
            likes[at] = likeSum;
            seconds[at] = (int) Math.min(secondSum, Integer.MAX_VALUE);
            at++;
        }
        return at;
    }
}
