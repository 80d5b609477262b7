package dev.luna.batch.schedule;

import dev.luna.batch.run.RunKind;
import dev.luna.batch.run.Runs;
import org.quartz.DisallowConcurrentExecution;

/** Asks for a full run, which ranks everybody. The database knows it by its name. */
@DisallowConcurrentExecution
class FullRunJob extends ScheduledRunJob {

    FullRunJob(Runs runs, Schedule schedule) {
        super(runs, schedule, RunKind.FULL);
    }
}
