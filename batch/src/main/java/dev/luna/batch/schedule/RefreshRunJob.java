package dev.luna.batch.schedule;

import dev.luna.batch.run.RunKind;
import org.quartz.DisallowConcurrentExecution;
import org.quartz.Job;
import org.quartz.JobExecutionContext;

/** Asks for a refresh run, which ranks those whose inputs changed. */
@DisallowConcurrentExecution
class RefreshRunJob implements Job {

    private final ScheduledStart scheduled;

    RefreshRunJob(ScheduledStart scheduled) {
        this.scheduled = scheduled;
    }

    @Override
    public void execute(JobExecutionContext context) {
        scheduled.start(RunKind.REFRESH, context);
    }
}
