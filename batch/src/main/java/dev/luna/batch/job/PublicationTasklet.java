package dev.luna.batch.job;

import dev.luna.batch.run.Publication;
import org.springframework.batch.core.job.JobInterruptedException;
import org.springframework.batch.core.scope.context.ChunkContext;
import org.springframework.batch.core.step.StepContribution;
import org.springframework.batch.core.step.StepExecution;
import org.springframework.batch.core.step.tasklet.Tasklet;
import org.springframework.batch.infrastructure.repeat.RepeatStatus;
import org.springframework.stereotype.Component;

/** Switches readers to the run, unless the gate held it back. */
@Component
class PublicationTasklet implements Tasklet {

    private final Publication publication;
    private final StopSignals stops;

    PublicationTasklet(Publication publication, StopSignals stops) {
        this.publication = publication;
        this.stops = stops;
    }

    @Override
    public RepeatStatus execute(StepContribution contribution, ChunkContext context) throws JobInterruptedException {
        StepExecution step = contribution.getStepExecution();
        return stops.listen(step, stop -> {
            stops.cancellable(stop, () -> publication.publish(RunParameters.claim(step)));
            return RepeatStatus.FINISHED;
        });
    }
}
