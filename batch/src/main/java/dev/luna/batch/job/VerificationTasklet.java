package dev.luna.batch.job;

import dev.luna.batch.database.SideBySide;
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
            // Committed by themselves: they lock the run's tables, and the checks after them take longer.
            byItself(stop, () -> publication.completeRows(claim));
            SideBySide.run(
                    "luna-keys-",
                    () -> byItself(stop, () -> publication.keyVenues(claim)),
                    () -> byItself(stop, () -> publication.keyCompanions(claim)));
            byItself(stop, () -> publication.seal(claim));
            stops.cancellable(stop, () -> gate.judge(claim, stop));
            return RepeatStatus.FINISHED;
        });
    }

    private void byItself(StopSignal stop, Runnable work) {
        ownTransaction.executeWithoutResult(tx -> stops.cancellable(stop, work));
    }
}
