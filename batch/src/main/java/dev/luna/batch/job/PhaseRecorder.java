package dev.luna.batch.job;

import dev.luna.batch.run.Claim;
import dev.luna.batch.run.RunLog;
import dev.luna.batch.run.RunPhase;
import org.springframework.batch.core.listener.StepExecutionListener;
import org.springframework.batch.core.step.StepExecution;
import org.springframework.stereotype.Component;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

/** Tells the run which phase it is in when a step begins, in a transaction of its own so that everybody sees it. */
@Component
class PhaseRecorder {

    private final RunLog runLog;
    private final TransactionTemplate transaction;

    PhaseRecorder(RunLog runLog, PlatformTransactionManager transactions) {
        this.runLog = runLog;
        this.transaction = new TransactionTemplate(transactions);
    }

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
