package dev.luna.batch.run;

/** What a run computes. */
public enum RunKind {
    /** Every user, from a snapshot of its own. */
    FULL,
    /** The users whose rankings may differ since a published full run's snapshot, under that run's popularity. */
    REFRESH
}
