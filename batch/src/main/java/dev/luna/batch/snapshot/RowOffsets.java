package dev.luna.batch.snapshot;

/** Offsets of compressed sparse rows: entry r is where row r begins, the last one where the last row ends. */
final class RowOffsets {

    private RowOffsets() {}

    /**
     * Turns the lengths of rows into their offsets, in place.
     *
     * @param lengths 0, then the length of each row
     * @throws ArithmeticException if there are more entries than an array can hold
     */
    static void sum(int[] lengths) {
        for (int row = 1; row < lengths.length; row++) {
            lengths[row] = Math.addExact(lengths[row - 1], lengths[row]);
        }
    }
}
