package dev.luna.batch.snapshot;

import java.util.ArrayList;
import java.util.List;

/** A list of ints that grows without copying and without boxing. Not thread-safe. */
final class IntPages {

    private static final int PAGE_BITS = 16;
    private static final int PAGE_SIZE = 1 << PAGE_BITS;

    private final List<int[]> pages = new ArrayList<>();
    private int[] last = new int[0];
    private int size;

    void add(int value) {
        int within = size & (PAGE_SIZE - 1);
        if (within == 0) {
            last = new int[PAGE_SIZE];
            pages.add(last);
        }
        last[within] = value;
        size = Math.incrementExact(size);
    }

    int get(int index) {
        return pages.get(index >>> PAGE_BITS)[index & (PAGE_SIZE - 1)];
    }

    int size() {
        return size;
    }
}
