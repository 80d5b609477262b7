package dev.luna.batch.run;

/** Recomputes rankings from a run's staged inputs by brute force. Implementations are thread-safe. */
public interface RunVerifier {

    /**
     * Compares stored rankings with the definition: ids, order, scores, of venues and of companions.
     *
     * @param sampleUsers how many users; the same ones each time
     */
    Verification verify(long runId, int sampleUsers);

    /**
     * What a comparison found.
     *
     * @param users users compared
     * @param equal users whose stored rankings equal the definition
     * @param firstDifference the first difference in words; empty without one
     */
    record Verification(int users, int equal, String firstDifference) {}
}
