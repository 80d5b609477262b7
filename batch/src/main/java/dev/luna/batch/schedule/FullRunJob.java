package dev.luna.batch.schedule;

import dev.luna.batch.run.Run;
import dev.luna.batch.run.RunKind;
import dev.luna.batch.run.RunRefusedException;
import dev.luna.batch.run.Runs;
import org.quartz.DisallowConcurrentExecution;
import org.quartz.Job;
import org.quartz.JobExecutionContext;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Asks for a full run. Being refused is an answer, not an error: another run is under way, or there is nothing to rank. */
@DisallowConcurrentExecution
class FullRunJob implements Job {

    private static final Logger log = LoggerFactory.getLogger(FullRunJob.class);

    private final Runs runs;

    FullRunJob(Runs runs) {
        this.runs = runs;
    }

    @Override
    public void execute(JobExecutionContext context) {
        try {
            Run run = runs.start(RunKind.FULL, "schedule");
            log.info("The schedule started run {}", run.id());
        } catch (RunRefusedException e) {
            log.info("The schedule started no run: {}", e.getMessage());
        }
    }
}
