package dev.luna.batch.reads;

import java.util.Arrays;

/**
 * What a load came to.
 *
 * @param clients how many asked side by side, each its next question when the last was answered
 * @param seconds how long they did
 * @param sortedNanos how long each answer took, ascending
 */
public record Load(int clients, double seconds, long[] sortedNanos) {

    /** Answers a second, of all clients together. */
    public double perSecond() {
        return sortedNanos.length / seconds;
    }

    /** The smallest time within which so many of the answers came, in milliseconds; 0.5 is the median. */
    public double quantileMillis(double share) {
        int rank = (int) Math.ceil(share * sortedNanos.length);
        return sortedNanos[Math.max(0, rank - 1)] / 1e6;
    }

    /** Both loads as one. */
    public Load plus(Load other) {
        long[] all = Arrays.copyOf(sortedNanos, sortedNanos.length + other.sortedNanos.length);
        System.arraycopy(other.sortedNanos, 0, all, sortedNanos.length, other.sortedNanos.length);
        Arrays.sort(all);
        return new Load(clients, seconds + other.seconds, all);
    }
}
