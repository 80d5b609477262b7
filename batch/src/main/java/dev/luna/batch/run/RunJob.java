package dev.luna.batch.run;

import java.util.Collection;

/** The computation behind runs, as seen from their lifecycle. Implementations are thread-safe. */
public interface RunJob {

    /**
     * Works on the run in the calling thread until it ends, from its last committed chunk if it was worked on before.
     * Whatever a dead process left behind is recovered first: the caller holds the lease, so nobody else works on it.
     *
     * @return how it ended; failures of the computation are an outcome, not an exception
     */
    RunOutcome execute(Claim claim);

    /**
     * Asks the run, in whatever process it is, to end at its next chunk boundary. Returns at once and does not say that
     * it has ended.
     */
    void requestStop(long runId);

    /** Removes what the computation recorded about these runs. Runs without records are ignored. */
    void forget(Collection<Long> runIds);
}
