package dev.luna.batch.run;

import java.time.Duration;

/** How long who asks for a run waits for the one in the way, if that is of a kind that he may wait for. */
enum Patience {
    NONE,
    /** Somebody waits for a complete run to tidy up, which mostly takes less than a second. */
    BRIEF,
    /** A tick of the schedule comes once, so it outwaits a process that only tidies up, which has an end. */
    OF_A_TICK,
    /** No refresh, no trial and no run that is out of date is a reason to go without a full run until the next night. */
    OF_A_FULL_TICK;

    private static final Duration BRIEFLY = Duration.ofSeconds(5);

    static Patience of(RunKind kind) {
        return kind == RunKind.FULL ? OF_A_FULL_TICK : OF_A_TICK;
    }

    /** Whether to go on waiting after so long for this run, which its process has not let go. */
    boolean lasts(Run inTheWay, Duration waited) {
        boolean isTidyingUp = inTheWay.state() != RunState.RUNNING;
        return switch (this) {
            case NONE -> false;
            case BRIEF -> isTidyingUp && waited.compareTo(BRIEFLY) < 0;
            case OF_A_TICK -> isTidyingUp;
            case OF_A_FULL_TICK -> isTidyingUp || !inTheWay.isFullForReaders();
        };
    }
}
