package dev.luna.batch.job;

import dev.luna.batch.run.Claim;
import dev.luna.batch.run.RunLog;
import org.springframework.batch.core.job.JobExecution;
import org.springframework.batch.core.listener.JobExecutionListener;
import org.springframework.stereotype.Component;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

/** Notes with the run which job execution works on it, and frees the run's arrays when that ends. */
@Component
class RunExecutionListener implements JobExecutionListener {

    private final RunLog runLog;
    private final ScoringWorlds worlds;
    private final TransactionTemplate transaction;

    RunExecutionListener(RunLog runLog, ScoringWorlds worlds, PlatformTransactionManager transactions) {
        this.runLog = runLog;
        this.worlds = worlds;
        this.transaction = new TransactionTemplate(transactions);
    }

    @Override
    public void beforeJob(JobExecution execution) {
        Claim claim = RunParameters.claim(execution.getJobParameters());
        transaction.executeWithoutResult(tx -> runLog.executedBy(claim, execution.getId()));
    }

    @Override
    public void afterJob(JobExecution execution) {
        worlds.release(RunParameters.claim(execution.getJobParameters()));
    }
}
