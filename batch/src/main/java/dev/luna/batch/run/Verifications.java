package dev.luna.batch.run;

import org.springframework.jdbc.BadSqlGrammarException;
import org.springframework.stereotype.Service;

/** Verifies complete runs on request, by the code and the staged inputs of the gate. Thread-safe. */
@Service
public class Verifications {

    private final RunStore store;
    private final RunVerifier verifier;

    Verifications(RunStore store, RunVerifier verifier) {
        this.store = store;
        this.verifier = verifier;
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
        store.getComplete(id, "verify");
        try {
            return verifier.verify(id, sampleUsers);
        } catch (BadSqlGrammarException e) {
            // A publication meanwhile may have let the run go, and its tables with it.
            store.getComplete(id, "verify");
            throw e;
        }
    }
}
