package dev.luna.batch.scoring;

/** What compressed sparse rows have in common: their invariant and how their arrays grow. */
final class SparseRows {

    private SparseRows() {}

    /**
     * Checks offsets and columns of compressed sparse rows.
     *
     * @throws IllegalArgumentException if offsets do not ascend from 0, or a row's columns are not strictly ascending
     *     within [0, columns)
     */
    static void require(int[] offsets, int[] column, int columns, String what) {
        if (offsets.length == 0 || offsets[0] != 0) {
            throw new IllegalArgumentException("offsets start with "
                    + (offsets.length == 0 ? "nothing" : String.valueOf(offsets[0])) + "; expected 0");
        }
        int rows = offsets.length - 1;
        for (int row = 0; row < rows; row++) {
            int from = offsets[row];
            int to = offsets[row + 1];
            if (to < from || to > column.length) {
                throw new IllegalArgumentException("row " + row + " ends at entry " + to + "; expected " + from + " to "
                        + column.length + ", as many as there are entries");
            }
            int before = -1;
            for (int e = from; e < to; e++) {
                if (column[e] <= before || column[e] >= columns) {
                    throw new IllegalArgumentException("row " + row + " has " + what + " " + column[e] + " after "
                            + before + "; expected ascending indices, each once, below " + columns);
                }
                before = column[e];
            }
        }
    }

    /** Next capacity of an array that is full: half as much again, without overflow. */
    static int grown(int capacity) {
        return (int) Math.min(Integer.MAX_VALUE - 8L, capacity + (capacity >> 1) + 16L);
    }
}
