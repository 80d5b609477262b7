package dev.luna.batch.job;

import dev.luna.batch.run.Publication;
import org.springframework.batch.core.scope.context.ChunkContext;
import org.springframework.batch.core.step.StepContribution;
import org.springframework.batch.core.step.tasklet.Tasklet;
import org.springframework.batch.infrastructure.repeat.RepeatStatus;
import org.springframework.stereotype.Component;

/** Switches readers to the run, unless the gate held it back. */
@Component
class PublicationTasklet implements Tasklet {

    private final Publication publication;

    PublicationTasklet(Publication publication) {
        this.publication = publication;
    }

    @Override
    public RepeatStatus execute(StepContribution contribution, ChunkContext context) {
        publication.publish(RunParameters.claim(contribution.getStepExecution()));
        return RepeatStatus.FINISHED;
    }
}
