package dev.luna.batch.snapshot;

import dev.luna.batch.scoring.SocialGraph;
import java.util.Arrays;
import java.util.function.IntUnaryOperator;

/**
 * Numbers users from 0 in the order in which they are first named. Open addressing; 8 bytes a place and at most half of
 * them taken. Not thread-safe while it grows.
 */
final class FriendRows implements IntUnaryOperator {

    private static final int NONE = -1;

    private int[] users = new int[1024];
    private int[] slots = new int[2048];
    private int size;

    FriendRows() {
        Arrays.fill(slots, NONE);
    }

    /** Rows for all friends of a graph. */
    static FriendRows of(SocialGraph graph) {
        FriendRows rows = new FriendRows();
        for (int edge = 0, edges = graph.edges(); edge < edges; edge++) {
            rows.add(graph.friend(edge));
        }
        return rows;
    }

    /** Gives the user a row unless he has one. */
    void add(int userIndex) {
        int slot = slot(userIndex);
        if (slots[slot] != NONE) {
            return;
        }
        if (size == users.length) {
            grow();
            slot = slot(userIndex);
        }
        slots[slot] = size;
        users[size++] = userIndex;
    }

    /** Row of a user, or -1. */
    @Override
    public int applyAsInt(int userIndex) {
        return slots[slot(userIndex)];
    }

    /** The position of each row's user, given that of each user. */
    int[] positions(int[] positionOf) {
        int[] positions = new int[size];
        for (int row = 0; row < size; row++) {
            positions[row] = positionOf[users[row]];
        }
        return positions;
    }

    /** Where the user's row stands, or the free slot where it would. */
    private int slot(int userIndex) {
        int mask = slots.length - 1;
        // Fibonacci hashing (Knuth, The Art of Computer Programming, vol. 3, section 6.4): neighbours fall far apart.
        int slot = (userIndex * 0x9E3779B9 >>> 7) & mask;
        while (slots[slot] != NONE && users[slots[slot]] != userIndex) {
            slot = (slot + 1) & mask;
        }
        return slot;
    }

    private void grow() {
        users = Arrays.copyOf(users, 2 * size);
        slots = new int[4 * size];
        Arrays.fill(slots, NONE);
        for (int row = 0; row < size; row++) {
            slots[slot(users[row])] = row;
        }
    }
}
