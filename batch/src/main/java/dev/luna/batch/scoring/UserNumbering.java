package dev.luna.batch.scoring;

import java.util.Arrays;
import java.util.function.IntUnaryOperator;

/**
 * Numbers users from 0 in the order in which they are first named. Open addressing, at most half of the slots
 * taken; 12 bytes for each user that it has room for. Not thread-safe while it grows.
 */
public final class UserNumbering implements IntUnaryOperator {

    private static final int NONE = -1;

    private int[] users;
    private int[] slots;
    private int size;

    /** @param capacity users that it has room for before it grows; a power of two */
    public UserNumbering(int capacity) {
        users = new int[capacity];
        slots = new int[2 * capacity];
        clear();
    }

    /** Forgets all users. */
    void clear() {
        Arrays.fill(slots, NONE);
        size = 0;
    }

    /** The number of a user; the next one unless he has one. */
    public int add(int userIndex) {
        int slot = slot(userIndex);
        int number = slots[slot];
        if (number != NONE) {
            return number;
        }
        if (size == users.length) {
            grow();
            slot = slot(userIndex);
        }
        slots[slot] = size;
        users[size] = userIndex;
        return size++;
    }

    /** Number of a user, or -1. */
    @Override
    public int applyAsInt(int userIndex) {
        return slots[slot(userIndex)];
    }

    /** Number of users. */
    public int size() {
        return size;
    }

    /** The userIndex behind a number. */
    public int user(int number) {
        return users[number];
    }

    /** Where the user's number stands, or the free slot where it would. */
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
        for (int number = 0; number < size; number++) {
            slots[slot(users[number])] = number;
        }
    }
}
