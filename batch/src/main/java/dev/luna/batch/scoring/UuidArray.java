package dev.luna.batch.scoring;

import java.util.Arrays;
import java.util.List;
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

    /** Ids in the order of a list. */
    public static UuidArray of(List<UUID> ids) {
        long[] halves = new long[2 * ids.size()];
        for (int i = 0; i < ids.size(); i++) {
            halves[2 * i] = ids.get(i).getMostSignificantBits();
            halves[2 * i + 1] = ids.get(i).getLeastSignificantBits();
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

    /** Whether the other has the same ids at the same places. */
    boolean isSame(UuidArray other) {
        return Arrays.equals(halves, other.halves);
    }

    /** The id as an object. */
    public UUID id(int index) {
        return new UUID(high(index), low(index));
    }
}
