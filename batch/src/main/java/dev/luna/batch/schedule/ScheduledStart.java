package dev.luna.batch.schedule;

import dev.luna.batch.run.RunKind;
import dev.luna.batch.run.RunRefusedException;
import dev.luna.batch.run.Runs;
import dev.luna.batch.run.StartedRun;
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
            StartedRun started =
                    runs.startScheduled(kind, tick.getScheduledFireTime().toInstant());
            if (started.resumed()) {
                log.info(started.resumption());
            } else {
                log.info("The schedule started run {}", started.run().id());
            }
        } catch (RunRefusedException e) {
            log.info("The schedule started no run: {}", e.getMessage());
        }
    }
}
