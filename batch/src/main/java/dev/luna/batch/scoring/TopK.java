package dev.luna.batch.scoring;

import java.util.Arrays;

/**
 * The k best of the entries offered, by {@link RankingOrder}: score descending, then index ascending. Which entries are
 * kept does not depend on the order in which they are offered. NaN is refused.
 *
 * <p>Offers fill a buffer of 2k entries; when it is full it is sorted and cut to k. The kernels offer hardly more than k
 * entries a user, so that nearly always one sort is all: with buckets by score first, which spread the scores of a ranking
 * well, then by insertion, or by heap where a bucket is crowded. Time O(1) an offer and O(k) a sort for scores that spread,
 * O(k log k) at worst; no allocation once grown. Every entry owns a slot in [0, 2 * the largest k so far), in which
 * the caller may keep what belongs to it until the slot is given out again. Not thread-safe.
 */
final class TopK {

    private static final int LARGEST_INSERTION = 32;

    private int limit;
    private int size;

    /** Entries by slot. */
    private double[] score = new double[0];

    private int[] index = new int[0];

    /** A permutation of the slots; the first {@link #size} are taken. */
    private int[] order = new int[0];

    /** Whether the first k of {@link #order} are the k best so far, in order, so that the last of them is a threshold. */
    private boolean hasThreshold;

    private int[] bucketOf = new int[0];
    private int[] unsorted = new int[0];
    private int[] bucketEnd = new int[0];

    /** Forgets all entries and keeps up to so many from now on. */
    void reset(int k) {
        if (k < 1) {
            throw new IllegalArgumentException("k is " + k + "; expected at least 1");
        }
        limit = k;
        size = 0;
        hasThreshold = false;
    }

    /** Offers an entry; returns its slot, or -1 if k better ones are kept. */
    int offer(double offeredScore, int offeredIndex) {
        if (Double.isNaN(offeredScore)) {
            throw new IllegalArgumentException("score of entry " + offeredIndex + " is NaN; expected a number");
        }
        if (hasThreshold) {
            int last = order[limit - 1];
            if (!RankingOrder.before(offeredScore, offeredIndex, score[last], index[last])) {
                return -1;
            }
        }
        if (size == order.length) {
            grow();
        }
        int slot = order[size++];
        score[slot] = offeredScore;
        index[slot] = offeredIndex;
        if (size >= 2L * limit) {
            cut();
        }
        return slot;
    }

    /** Number of entries kept: at most k once they are {@link #sortedSlots sorted}. */
    int size() {
        return size;
    }

    double score(int slot) {
        return score[slot];
    }

    int index(int slot) {
        return index[slot];
    }

    /** Cuts to the k best and returns their slots, best first, in the first {@link #size} places; valid until the next offer. */
    int[] sortedSlots() {
        cut();
        return order;
    }

    /**
     * A score below which no entry can be kept any more: that of the worst of the k best when entries were cut last, or
     * -infinity while there were fewer.
     */
    double threshold() {
        return hasThreshold ? score[order[limit - 1]] : Double.NEGATIVE_INFINITY;
    }

    private void cut() {
        sort(size);
        size = Math.min(size, limit);
        hasThreshold = size == limit;
    }

    /** Sorts the first n places of {@link #order}. */
    private void sort(int n) {
        spreadByScore(n);
        for (int i = 1; i < n; i++) {
            int slot = order[i];
            int at = i;
            while (at > 0 && before(slot, order[at - 1])) {
                order[at] = order[at - 1];
                at--;
            }
            order[at] = slot;
        }
    }

    /**
     * Puts the entries into buckets of descending score, so that only entries of one bucket can still be out of order, and
     * sorts crowded buckets.
     */
    private void spreadByScore(int n) {
        double least = Double.POSITIVE_INFINITY;
        double most = Double.NEGATIVE_INFINITY;
        for (int i = 0; i < n; i++) {
            double s = score[order[i]];
            if (s < least) {
                least = s;
            }
            if (s > most) {
                most = s;
            }
        }
        int buckets = 2 * n;
        double bucketsPerUnit = (buckets - 1) / (most - least);
        if (!(bucketsPerUnit <= Double.MAX_VALUE)) {
            // All equal, or closer than doubles can tell apart by division: one bucket.
            bucketsPerUnit = 0;
        }
        Arrays.fill(bucketEnd, 0, buckets, 0);
        for (int i = 0; i < n; i++) {
            int slot = order[i];
            // Each step is monotone in floating point: a higher score never gets into a later bucket.
            int bucket = (int) ((most - score[slot]) * bucketsPerUnit);
            unsorted[i] = slot;
            bucketOf[i] = bucket;
            bucketEnd[bucket]++;
        }
        int end = 0;
        for (int bucket = 0; bucket < buckets; bucket++) {
            int start = end;
            end += bucketEnd[bucket];
            bucketEnd[bucket] = start;
        }
        for (int i = 0; i < n; i++) {
            order[bucketEnd[bucketOf[i]]++] = unsorted[i];
        }
        if (n > LARGEST_INSERTION) {
            for (int bucket = 0, start = 0; bucket < buckets; bucket++) {
                if (bucketEnd[bucket] - start > LARGEST_INSERTION) {
                    heapSort(start, bucketEnd[bucket]);
                }
                start = bucketEnd[bucket];
            }
        }
    }

    private void heapSort(int from, int to) {
        int n = to - from;
        for (int i = n / 2 - 1; i >= 0; i--) {
            siftDown(from, i, n, order[from + i]);
        }
        for (int end = n - 1; end > 0; end--) {
            int worst = order[from];
            siftDown(from, 0, end, order[from + end]);
            order[from + end] = worst;
        }
    }

    /** Places a slot at or below a node of the heap at {@code from}, whose top is its worst entry. */
    private void siftDown(int from, int node, int n, int slot) {
        int at = node;
        for (int child = 2 * at + 1; child < n; child = 2 * at + 1) {
            if (child + 1 < n && before(order[from + child], order[from + child + 1])) {
                child++;
            }
            if (!before(slot, order[from + child])) {
                break;
            }
            order[from + at] = order[from + child];
            at = child;
        }
        order[from + at] = slot;
    }

    private boolean before(int slot, int other) {
        return RankingOrder.before(score[slot], index[slot], score[other], index[other]);
    }

    private void grow() {
        int from = order.length;
        int capacity = (int) Math.min(2L * limit, SparseRows.grown(Math.max(from, 48)));
        score = Arrays.copyOf(score, capacity);
        index = Arrays.copyOf(index, capacity);
        order = Arrays.copyOf(order, capacity);
        for (int slot = from; slot < capacity; slot++) {
            order[slot] = slot;
        }
        bucketOf = new int[capacity];
        unsorted = new int[capacity];
        bucketEnd = new int[2 * capacity];
    }
}
