package dev.luna.batch.schedule;

import dev.luna.batch.run.RunKind;
import dev.luna.batch.run.RunRefusedException;
import dev.luna.batch.run.Runs;
import dev.luna.batch.run.ShuttingDownException;
import dev.luna.batch.run.StartedRun;
import org.quartz.Job;
import org.quartz.JobExecutionContext;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Asks for a run of one kind. Being refused is an answer, not an error: another run is under way, there is nothing to rank,
 * or another process was first at this tick.
 */
abstract class ScheduledRunJob implements Job {

    private static final Logger log = LoggerFactory.getLogger(ScheduledRunJob.class);

    private final Runs runs;
    private final Schedule schedule;
    private final RunKind kind;

    ScheduledRunJob(Runs runs, Schedule schedule, RunKind kind) {
        this.runs = runs;
        this.schedule = schedule;
        this.kind = kind;
    }

    @Override
    public void execute(JobExecutionContext tick) {
        try {
            StartedRun started =
                    runs.startScheduled(kind, tick.getScheduledFireTime().toInstant());
            if (started.resumed()) {
                log.info(started.resumption());
            } else {
                log.info("The schedule started run {}", started.run().id());
            }
        } catch (ShuttingDownException e) {
            schedule.leaveToOthers(tick);
        } catch (RunRefusedException e) {
            log.info("The schedule started no run: {}", e.getMessage());
        }
    }
}
