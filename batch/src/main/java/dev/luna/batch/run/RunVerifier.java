package dev.luna.batch.run;

import dev.luna.batch.snapshot.StopRequest;

/** Recomputes rankings from a run's staged inputs by brute force. Implementations are thread-safe. */
public interface RunVerifier {

    /**
     * Compares stored rankings with the definition: ids, order, scores and their components, of venues and of companions.
     *
     * @param sampleUsers how many users; the same ones each time
     * @param stopped asked while the inputs are loaded, and before each user
     * @throws dev.luna.batch.snapshot.StoppedException if {@code stopped} said true
     */
    Verification verify(long runId, int sampleUsers, StopRequest stopped);

    /** As {@link #verify(long, int, StopRequest)}, to the end. */
    default Verification verify(long runId, int sampleUsers) {
        return verify(runId, sampleUsers, () -> false);
    }

    /**
     * What a comparison found.
     *
     * @param users users compared
     * @param equal users whose stored rankings equal the definition
     * @param firstDifference the first difference in words; empty without one
     */
    record Verification(int users, int equal, String firstDifference) {}
}
