package dev.luna.batch.schedule;

import dev.luna.batch.run.Run;
import dev.luna.batch.run.RunKind;
import dev.luna.batch.run.RunRefusedException;
import dev.luna.batch.run.Runs;
import org.quartz.JobExecutionContext;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.stereotype.Component;

/**
 * Asks for a run on behalf of a trigger. Being refused is an answer, not an error: another run is under way, there is nothing
 * to rank, or another process was first at this tick.
 */
@Component
class ScheduledStart {

    private static final Logger log = LoggerFactory.getLogger(ScheduledStart.class);

    private final Runs runs;

    ScheduledStart(Runs runs) {
        this.runs = runs;
    }

    void start(RunKind kind, JobExecutionContext tick) {
        try {
            Run run = runs.startScheduled(kind, tick.getScheduledFireTime().toInstant());
            log.info("The schedule started run {}", run.id());
        } catch (RunRefusedException e) {
            log.info("The schedule started no run: {}", e.getMessage());
        }
    }
}
