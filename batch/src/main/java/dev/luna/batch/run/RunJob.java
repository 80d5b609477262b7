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
     * Asks the run, in whatever process it is, to end at its next chunk boundary, if it can hear that now: not before its
     * computation has begun. Returns at once. A request that is stored with the run it finds by itself.
     */
    void requestStop(long runId);

    /** The same for this owner's own computation only: if another process works on the run by now, that one goes on. */
    void requestStop(Claim claim);
}
