package dev.luna.batch.schedule;

import dev.luna.batch.run.RunKind;
import org.quartz.DisallowConcurrentExecution;
import org.quartz.Job;
import org.quartz.JobExecutionContext;

/** Asks for a full run, which ranks everybody. */
@DisallowConcurrentExecution
class FullRunJob implements Job {

    private final ScheduledStart scheduled;

    FullRunJob(ScheduledStart scheduled) {
        this.scheduled = scheduled;
    }

    @Override
    public void execute(JobExecutionContext context) {
        scheduled.start(RunKind.FULL, context);
    }
}
