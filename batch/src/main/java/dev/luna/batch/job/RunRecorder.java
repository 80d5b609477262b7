package dev.luna.batch.job;

import dev.luna.batch.run.Claim;
import dev.luna.batch.run.RunLog;
import dev.luna.batch.run.RunPhase;
import org.springframework.batch.core.job.JobExecution;
import org.springframework.batch.core.listener.JobExecutionListener;
import org.springframework.batch.core.listener.StepExecutionListener;
import org.springframework.batch.core.step.StepExecution;
import org.springframework.stereotype.Component;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * Notes with the run which job execution works on it and which phase it is in, each in a transaction of its own so that
 * everybody sees it.
 */
@Component
class RunRecorder implements JobExecutionListener {

    private final RunLog runLog;
    private final TransactionTemplate transaction;

    RunRecorder(RunLog runLog, PlatformTransactionManager transactions) {
        this.runLog = runLog;
        this.transaction = new TransactionTemplate(transactions);
    }

    @Override
    public void beforeJob(JobExecution execution) {
        Claim claim = RunParameters.claim(execution.getJobParameters());
        transaction.executeWithoutResult(tx -> runLog.executedBy(claim, execution.getId()));
    }

    /** Notes the phase when a step begins. */
    StepExecutionListener entering(RunPhase phase) {
        return new StepExecutionListener() {
            @Override
            public void beforeStep(StepExecution step) {
                Claim claim = RunParameters.claim(step);
                transaction.executeWithoutResult(tx -> runLog.enter(claim, phase));
            }
        };
    }
}
