package dev.luna.batch.scoring;

import java.util.UUID;

/**
 * Ids by index. The halves of an id stand side by side, so that one access of memory brings both. Immutable and
 * thread-safe. Memory: 16 bytes an id.
 */
public final class UuidArray {

    private final long[] halves;

    private UuidArray(long[] halves) {
        this.halves = halves;
    }

    /**
     * Ids over the given array, which becomes their own.
     *
     * @param halves upper and lower 64 bits of each id in turn
     */
    public static UuidArray of(long[] halves) {
        if (halves.length % 2 != 0) {
            throw new IllegalArgumentException(halves.length + " halves of ids; expected an even number, two per id");
        }
        return new UuidArray(halves);
    }

    /** Number of ids. */
    public int size() {
        return halves.length / 2;
    }

    /** Upper 64 bits. */
    public long high(int index) {
        return halves[2 * index];
    }

    /** Lower 64 bits. */
    public long low(int index) {
        return halves[2 * index + 1];
    }

    /** The id as an object. */
    public UUID id(int index) {
        return new UUID(high(index), low(index));
    }
}
