package dev.luna.batch.schedule;

import dev.luna.batch.run.RunKind;
import dev.luna.batch.run.Runs;
import org.quartz.DisallowConcurrentExecution;

/** Asks for a refresh run, which ranks those whose inputs changed. The database knows it by its name. */
@DisallowConcurrentExecution
class RefreshRunJob extends ScheduledRunJob {

    RefreshRunJob(Runs runs, Schedule schedule) {
        super(runs, schedule, RunKind.REFRESH);
    }
}
