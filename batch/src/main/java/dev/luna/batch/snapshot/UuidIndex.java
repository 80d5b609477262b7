package dev.luna.batch.snapshot;

import dev.luna.batch.scoring.UuidArray;
import java.util.Arrays;

/**
 * Finds the index of an id. Open addressing over indexes: 8 to 16 bytes an id and mostly one probe, where a search in a
 * million sorted ids takes twenty. Immutable and thread-safe.
 *
 * <p>Nearly all of a look-up is waiting for memory, so {@link #findAll} looks up many ids side by side: their accesses do not
 * depend on each other, and the processor overlaps them (about four times as fast at a million ids). What bits of a slot
 * the indexes leave free hold bits of the id's hash, so that an id rarely has to be read only to find that it is another.
 */
final class UuidIndex {

    private static final int EMPTY = -1;

    private final UuidArray ids;
    private final int[] slots;
    private final int slotMask;
    private final int indexBits;
    private final int indexMask;

    /** An index of ids, each of which stands there once. */
    UuidIndex(UuidArray ids) {
        this.ids = ids;
        int capacity = Math.max(2, Integer.highestOneBit(Math.max(1, ids.size())) << 2);
        if (capacity < 0) {
            throw new IllegalArgumentException(ids.size() + " ids are more than one index holds");
        }
        slots = new int[capacity];
        slotMask = capacity - 1;
        // At most 30 bits, so a slot in use is never negative.
        indexBits = Integer.SIZE - Integer.numberOfLeadingZeros(ids.size());
        indexMask = (1 << indexBits) - 1;
        Arrays.fill(slots, EMPTY);
        for (int index = 0; index < ids.size(); index++) {
            long hash = hash(ids.high(index), ids.low(index));
            int slot = (int) hash & slotMask;
            while (slots[slot] != EMPTY) {
                slot = (slot + 1) & slotMask;
            }
            slots[slot] = tag(hash) | index;
        }
    }

    /** The index of an id, or -1. */
    int find(long idHigh, long idLow) {
        long hash = hash(idHigh, idLow);
        int tag = tag(hash);
        for (int slot = (int) hash & slotMask; slots[slot] != EMPTY; slot = (slot + 1) & slotMask) {
            if ((slots[slot] & ~indexMask) == tag) {
                int index = slots[slot] & indexMask;
                if (ids.high(index) == idHigh && ids.low(index) == idLow) {
                    return index;
                }
            }
        }
        return EMPTY;
    }

    /**
     * The indexes of many ids, -1 for an id that is not there.
     *
     * @param halves upper and lower 64 bits of each id in turn
     * @param n how many ids count
     * @param found receives the index of each
     */
    void findAll(long[] halves, int n, int[] found) {
        // First where they would be, by the tags alone: the reads of the slots overlap ...
        for (int i = 0; i < n; i++) {
            long hash = hash(halves[2 * i], halves[2 * i + 1]);
            int tag = tag(hash);
            int slot = (int) hash & slotMask;
            int entry = slots[slot];
            while (entry != EMPTY && (entry & ~indexMask) != tag) {
                slot = (slot + 1) & slotMask;
                entry = slots[slot];
            }
            found[i] = entry == EMPTY ? EMPTY : entry & indexMask;
        }
        // ... then whether they are: the reads of the ids overlap.
        for (int i = 0; i < n; i++) {
            int index = found[i];
            if (index != EMPTY && (ids.high(index) != halves[2 * i] || ids.low(index) != halves[2 * i + 1])) {
                found[i] = find(halves[2 * i], halves[2 * i + 1]);
            }
        }
    }

    /** Bits of the hash that do not choose the slot, above those of an index; 31 of them, so never negative. */
    private int tag(long hash) {
        return (int) (hash >>> 33) & ~indexMask;
    }

    /** Ids may be random, sequential or by time, so all bits are mixed (finalizer of SplitMix64). */
    private static long hash(long idHigh, long idLow) {
        long mixed = idHigh * 0x9E3779B97F4A7C15L + idLow;
        mixed = (mixed ^ (mixed >>> 30)) * 0xBF58476D1CE4E5B9L;
        mixed = (mixed ^ (mixed >>> 27)) * 0x94D049BB133111EBL;
        return mixed ^ (mixed >>> 31);
    }
}
