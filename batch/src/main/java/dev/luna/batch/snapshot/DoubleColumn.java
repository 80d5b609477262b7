package dev.luna.batch.snapshot;

import java.util.Arrays;

/** Doubles in the order they are added. Not thread-safe. */
final class DoubleColumn {

    private double[] values = new double[1024];
    private int size;

    void add(double value) {
        if (size == values.length) {
            values = Arrays.copyOf(values, Math.addExact(size, size >> 1));
        }
        values[size++] = value;
    }

    double get(int index) {
        return values[index];
    }

    /** The values, cut to size. */
    double[] toArray() {
        return Arrays.copyOf(values, size);
    }
}
