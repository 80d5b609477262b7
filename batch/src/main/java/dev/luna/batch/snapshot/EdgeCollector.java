package dev.luna.batch.snapshot;

import dev.luna.batch.scoring.SocialGraph;
import java.util.Arrays;

/**
 * Orders social edges, in whatever order they come, by row and friend. A counting sort by row, then a sort of each
 * row's few: about 40 bytes an edge at the peak. Not thread-safe.
 */
final class EdgeCollector {

    private final int[] offsets;
    private final IntPages rows = new IntPages();
    private final IntPages friends = new IntPages();
    private double[] strengths = new double[1024];

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
     * The graph of all rows. Nothing may be added afterwards.
     *
     * @param userCount number of columns
     */
    SocialGraph build(int userCount) {
        int rowCount = offsets.length - 1;
        for (int row = 0; row < rowCount; row++) {
            offsets[row + 1] += offsets[row];
        }
        int n = rows.size();
        int[] source = new int[n];
        int[] next = Arrays.copyOf(offsets, rowCount);
        for (int i = 0; i < n; i++) {
            source[next[rows.get(i)]++] = i;
        }
        int[] friend = new int[n];
        double[] strength = new double[n];
        long[] scratch = new long[16];
        for (int row = 0; row < rowCount; row++) {
            int from = offsets[row];
            int count = offsets[row + 1] - from;
            if (scratch.length < count) {
                scratch = new long[Math.max(count, scratch.length * 2)];
            }
            for (int i = 0; i < count; i++) {
                scratch[i] = (long) friends.get(source[from + i]) << 32 | source[from + i];
            }
            Arrays.sort(scratch, 0, count);
            for (int i = 0; i < count; i++) {
                friend[from + i] = (int) (scratch[i] >>> 32);
                strength[from + i] = strengths[(int) scratch[i]];
            }
        }
        return SocialGraph.of(userCount, offsets, friend, strength);
    }
}
