package dev.luna.batch.run;

import org.springframework.stereotype.Service;

/** Verifies complete runs on request, by the code and the staged inputs of the gate. Thread-safe. */
@Service
public class Verifications {

    private final RunStore store;
    private final RunVerifier verifier;
    private final RecomputedChecksum recomputed;

    Verifications(RunStore store, RunVerifier verifier, RecomputedChecksum recomputed) {
        this.store = store;
        this.verifier = verifier;
        this.recomputed = recomputed;
    }

    /**
     * Recomputes a sample of the users that a run ranked and compares ids, order, scores and their components. Of a
     * refresh run these are the users ranked anew. Loads the run's inputs, so it takes the memory of a run; the sample is the
     * same each time.
     *
     * @param sampleUsers how many users; all of them if they are fewer
     * @throws RunNotFoundException if there is no such run
     * @throws RunRefusedException if it is not complete, or its rankings were dropped
     */
    public RunVerifier.Verification verify(long id, int sampleUsers) {
        return store.ofComplete(id, "verify", run -> verifier.verify(id, sampleUsers));
    }

    /**
     * Computes the run's checksum again from every stored row; of a refresh run, from those of the users ranked anew.
     *
     * @return how it differs from the recorded one, in words, naming a row that cannot be read; empty if it does not
     * @throws RunNotFoundException if there is no such run
     * @throws RunRefusedException if it is not complete, or its rankings were dropped
     */
    public String checksumDifference(long id) {
        return store.ofComplete(id, "verify", recomputed::difference);
    }
}
