package dev.luna.batch.scoring;

/** Walks over the rows of a world in blocks of the size that a run scores together, again and again. Not thread-safe. */
final class Blocks {

    static final int USERS = 512;

    private final int rows;
    private int next;

    Blocks(int rows) {
        this.rows = rows;
        if (rows < USERS) {
            throw new IllegalArgumentException(rows + " rows are less than one block of " + USERS);
        }
    }

    /** First row of the next whole block. */
    int next() {
        int first = next;
        next = first + 2 * USERS > rows ? 0 : first + USERS;
        return first;
    }
}
