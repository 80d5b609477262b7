package dev.luna.batch.job;

/**
 * Consecutive positions in scoring order, which are neighbours in space.
 *
 * @param first first position
 * @param end position after the last
 */
record Block(int first, int end) {

    int users() {
        return end - first;
    }
}
