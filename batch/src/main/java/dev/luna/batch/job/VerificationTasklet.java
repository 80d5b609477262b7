package dev.luna.batch.job;

import dev.luna.batch.run.Claim;
import dev.luna.batch.run.Publication;
import dev.luna.batch.run.PublishGate;
import org.springframework.batch.core.job.JobInterruptedException;
import org.springframework.batch.core.scope.context.ChunkContext;
import org.springframework.batch.core.step.StepContribution;
import org.springframework.batch.core.step.tasklet.Tasklet;
import org.springframework.batch.infrastructure.repeat.RepeatStatus;
import org.springframework.stereotype.Component;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

/** Seals the run's storage and lets the gate judge it. */
@Component
class VerificationTasklet implements Tasklet {

    private final Publication publication;
    private final PublishGate gate;
    private final StopSignals stops;
    private final TransactionTemplate ownTransaction;

    VerificationTasklet(
            Publication publication, PublishGate gate, StopSignals stops, PlatformTransactionManager transactions) {
        this.stops = stops;
        this.publication = publication;
        this.gate = gate;
        this.ownTransaction = new TransactionTemplate(transactions);
        this.ownTransaction.setPropagationBehavior(TransactionTemplate.PROPAGATION_REQUIRES_NEW);
    }

    @Override
    public RepeatStatus execute(StepContribution contribution, ChunkContext context) throws JobInterruptedException {
        Claim claim = RunParameters.claim(contribution.getStepExecution());
        return stops.listen(contribution.getStepExecution(), stop -> {
            // Committed by itself: it locks the run's tables, and the checks after it take longer.
            ownTransaction.executeWithoutResult(tx -> stops.cancellable(stop, () -> publication.seal(claim)));
            stops.cancellable(stop, () -> gate.judge(claim, stop));
            return RepeatStatus.FINISHED;
        });
    }
}
