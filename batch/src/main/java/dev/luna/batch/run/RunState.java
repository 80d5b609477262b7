package dev.luna.batch.run;

/** Where a run stands. Which run readers see is not a state but {@link Run#published()}. */
public enum RunState {
    /** A process works on it, or died doing so and the lease tells when another may take over. */
    RUNNING,
    /** Ended on request, or as its process shut down, with all finished chunks kept; may be restarted. */
    STOPPED,
    /** Ended by an error, told in {@link Run#failure()}, with all finished chunks kept; may be restarted. */
    FAILED,
    /** Complete, but the gate refused it, or it is a trial; may be published, by force if {@link Run#isHeldByGate()}. */
    HELD,
    /** Complete and published at least once; while its storage is kept it can be published again. */
    COMPLETED
}
