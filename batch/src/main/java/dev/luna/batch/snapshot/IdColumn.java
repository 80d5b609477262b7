package dev.luna.batch.snapshot;

import java.util.Arrays;

/** Ids in the order they are added, as two growing arrays of halves. Not thread-safe. */
final class IdColumn {

    private long[] high = new long[1024];
    private long[] low = new long[1024];
    private int size;

    void add(long idHigh, long idLow) {
        if (size == high.length) {
            int capacity = Math.addExact(size, size >> 1);
            high = Arrays.copyOf(high, capacity);
            low = Arrays.copyOf(low, capacity);
        }
        high[size] = idHigh;
        low[size] = idLow;
        size++;
    }

    int size() {
        return size;
    }

    /** The upper halves, cut to size. */
    long[] high() {
        return Arrays.copyOf(high, size);
    }

    /** The lower halves, cut to size. */
    long[] low() {
        return Arrays.copyOf(low, size);
    }
}
