package dev.luna.batch.run;

/** What a run is doing, or where it ended. Phases follow one another in this order. */
public enum RunPhase {
    SNAPSHOT,
    SCORING,
    VERIFICATION,
    PUBLICATION,
    DONE
}
