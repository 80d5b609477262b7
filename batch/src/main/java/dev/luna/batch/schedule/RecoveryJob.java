package dev.luna.batch.schedule;

import dev.luna.batch.run.RunRefusedException;
import dev.luna.batch.run.Runs;
import org.quartz.DisallowConcurrentExecution;
import org.quartz.Job;
import org.quartz.JobExecutionContext;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.dao.DataAccessException;
import org.springframework.transaction.TransactionException;

/** Resumes a run whose process died, so that nobody has to. */
@DisallowConcurrentExecution
class RecoveryJob implements Job {

    private static final Logger log = LoggerFactory.getLogger(RecoveryJob.class);

    private final Runs runs;

    RecoveryJob(Runs runs) {
        this.runs = runs;
    }

    @Override
    public void execute(JobExecutionContext context) {
        try {
            runs.resumeAbandoned().ifPresent(run -> log.info("Run {} had lost its process and goes on here", run.id()));
        } catch (RunRefusedException e) {
            log.info("No run was resumed: {}", e.getMessage());
        } catch (DataAccessException | TransactionException e) {
            log.warn("Could not look for a run to resume; the next tick does: {}", e.getMessage());
        }
    }
}
