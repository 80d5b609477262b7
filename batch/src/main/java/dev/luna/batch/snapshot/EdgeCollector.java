package dev.luna.batch.snapshot;

import dev.luna.batch.scoring.SocialGraph;
import java.util.Arrays;

/**
 * Orders social edges, in whatever order they come, by user and friend. A counting sort by user, then a sort of each
 * user's few: about 40 bytes an edge at the peak. Not thread-safe.
 */
final class EdgeCollector {

    private final int userCount;
    private final int[] offsets;
    private final IntPages users = new IntPages();
    private final IntPages friends = new IntPages();
    private final DoubleColumn strengths = new DoubleColumn();

    EdgeCollector(int userCount) {
        this.userCount = userCount;
        this.offsets = new int[userCount + 1];
    }

    void add(int userIndex, int friendIndex, double strength) {
        users.add(userIndex);
        friends.add(friendIndex);
        strengths.add(strength);
        offsets[userIndex + 1]++;
    }

    /** The graph, row = userIndex. Nothing may be added afterwards. */
    SocialGraph build() {
        for (int row = 0; row < userCount; row++) {
            offsets[row + 1] += offsets[row];
        }
        int n = users.size();
        int[] source = new int[n];
        int[] next = Arrays.copyOf(offsets, userCount);
        for (int i = 0; i < n; i++) {
            source[next[users.get(i)]++] = i;
        }
        int[] friend = new int[n];
        double[] strength = new double[n];
        long[] scratch = new long[16];
        for (int row = 0; row < userCount; row++) {
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
                strength[from + i] = strengths.get((int) scratch[i]);
            }
        }
        return SocialGraph.of(userCount, offsets, friend, strength);
    }
}
