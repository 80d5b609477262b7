package dev.luna.batch.snapshot;

/**
 * Consecutive positions in scoring order, which are neighbours in space.
 *
 * @param first first position
 * @param end position after the last
 */
public record Positions(int first, int end) {

    /** How many users they are. */
    public int users() {
        return end - first;
    }
}
