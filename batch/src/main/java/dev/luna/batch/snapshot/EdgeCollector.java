package dev.luna.batch.snapshot;

import dev.luna.batch.scoring.SocialGraph;
import java.util.Arrays;

/**
 * Orders social edges, in whatever order they come, by row and friend. A counting sort by row, then a sort of each
 * row's few: {@value #BYTES} bytes an edge. Not thread-safe.
 */
final class EdgeCollector {

    /** Bytes of heap an edge takes at the peak. */
    static final int BYTES = 40;

    private final int[] offsets;
    private final IntPages rows = new IntPages();
    private final IntPages friends = new IntPages();
    private double[] strengths = new double[1024];
    private long[] scratch = new long[16];

    EdgeCollector(int rows) {
        this.offsets = new int[rows + 1];
    }

    void add(int row, int friendIndex, double strength) {
        if (rows.size() == strengths.length) {
            strengths = Arrays.copyOf(strengths, Math.addExact(strengths.length, strengths.length >> 1));
        }
        strengths[rows.size()] = strength;
        rows.add(row);
        friends.add(friendIndex);
        offsets[row + 1]++;
    }

    /**
     * The graph of all rows. Nothing may be added afterwards. Each loop is a method of its own, as in
     * {@link InteractionCollector#build()}.
     *
     * @param userCount number of columns
     */
    SocialGraph build(int userCount) {
        RowOffsets.sum(offsets);
        int[] edges = sortByRow();
        int[] friend = new int[edges.length];
        double[] strength = new double[edges.length];
        for (int row = 0; row < offsets.length - 1; row++) {
            sortByFriend(edges, friend, strength, offsets[row], offsets[row + 1]);
        }
        return SocialGraph.of(userCount, offsets, friend, strength);
    }

    /** The edges in order of their rows, each as its place of arrival. */
    private int[] sortByRow() {
        int[] edges = new int[rows.size()];
        int[] next = offsets.clone();
        for (int edge = 0; edge < edges.length; edge++) {
            edges[next[rows.get(edge)]++] = edge;
        }
        return edges;
    }

    private void sortByFriend(int[] edges, int[] friend, double[] strength, int from, int end) {
        int count = end - from;
        if (scratch.length < count) {
            scratch = new long[Math.max(count, scratch.length * 2)];
        }
        for (int i = 0; i < count; i++) {
            scratch[i] = (long) friends.get(edges[from + i]) << 32 | edges[from + i];
        }
        Arrays.sort(scratch, 0, count);
        for (int i = 0; i < count; i++) {
            friend[from + i] = (int) (scratch[i] >>> 32);
            strength[from + i] = strengths[(int) scratch[i]];
        }
    }
}
