package dev.luna.batch.run;

import dev.luna.batch.database.Disconnection;
import java.time.Instant;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.dao.DataAccessException;
import org.springframework.dao.NonTransientDataAccessResourceException;
import org.springframework.dao.TransientDataAccessException;
import org.springframework.transaction.TransactionException;

/** Begins the runs of the schedule's ticks, each of which comes once and so outwaits what passes. Thread-safe. */
final class ScheduledStarts {

    /** How long a database that gave no answer is left alone; a shutdown waits for it. */
    private static final long PAUSE_MILLIS = 5000;

    private static final Logger log = LoggerFactory.getLogger(ScheduledStarts.class);

    private final RunStarts starts;
    private final long pauseMillis;

    ScheduledStarts(RunStarts starts) {
        this(starts, PAUSE_MILLIS);
    }

    ScheduledStarts(RunStarts starts, long pauseMillis) {
        this.starts = starts;
        this.pauseMillis = pauseMillis;
    }

    /** As {@link Runs#startScheduled}. */
    StartedRun start(RunKind kind, Instant tick) {
        StartedRun started = startWhenAnswered(kind, tick);
        while (kind == RunKind.FULL && !started.run().isFullForReaders()) {
            log.info(
                    "Run {} was left behind by a process that died and is resumed; the full run comes after it",
                    started.run().id());
            started = startWhenAnswered(kind, tick);
        }
        return started;
    }

    private StartedRun startWhenAnswered(RunKind kind, Instant tick) {
        String told = "";
        while (true) {
            try {
                return starts.start(kind, null, false, "schedule", tick);
            } catch (DataAccessException | TransactionException e) {
                if (!passes(e)) {
                    throw e;
                }
                String why = String.valueOf(e.getMostSpecificCause().getMessage());
                if (!why.equals(told)) {
                    log.warn("The scheduled run of {} could not be started, which is tried again: {}", tick, why);
                    told = why;
                }
                if (!Pause.of(pauseMillis)) {
                    throw e;
                }
            }
        }
    }

    /** Whether the database gave no answer for what is over one day: it was away, its disk full, somebody in the way. */
    private static boolean passes(RuntimeException failure) {
        return Disconnection.isCauseOf(failure)
                || failure instanceof NonTransientDataAccessResourceException
                || failure instanceof TransientDataAccessException;
    }
}
