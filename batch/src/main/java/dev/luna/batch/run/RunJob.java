package dev.luna.batch.run;

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
     * Asks the run, in whatever process it is, to end at its next chunk boundary. Returns at once; true means that the
     * request is recorded, not that the run has ended. False means that nobody could hear it now: the computation has not
     * begun or is over.
     */
    boolean requestStop(long runId);
}
