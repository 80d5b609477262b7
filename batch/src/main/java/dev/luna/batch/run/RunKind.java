package dev.luna.batch.run;

/** What a run computes. */
public enum RunKind {
    /** Every user, from a snapshot of its own. */
    FULL,
    /** The users whose inputs changed since the published run's snapshot, under that run's popularity. */
    REFRESH
}
