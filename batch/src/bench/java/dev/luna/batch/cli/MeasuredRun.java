package dev.luna.batch.cli;

import dev.luna.batch.run.Run;
import dev.luna.batch.run.RunPhase;
import java.time.Duration;
import java.util.Map;

/**
 * A full run and what it spent.
 *
 * @param run the run
 * @param laps what each phase spent
 * @param bookkeeping what metadata, lease and progress took, as a table
 */
record MeasuredRun(Run run, Map<RunPhase, ProcessMeter.Lap> laps, String bookkeeping) {

    /** How long its phases took together. */
    Duration wall() {
        return wall(laps);
    }

    /** How long phases took together. */
    static Duration wall(Map<RunPhase, ProcessMeter.Lap> laps) {
        return laps.values().stream().map(ProcessMeter.Lap::wall).reduce(Duration.ZERO, Duration::plus);
    }
}
