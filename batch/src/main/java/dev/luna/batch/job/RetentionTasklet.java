package dev.luna.batch.job;

import dev.luna.batch.run.Retention;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.batch.core.scope.context.ChunkContext;
import org.springframework.batch.core.step.StepContribution;
import org.springframework.batch.core.step.tasklet.Tasklet;
import org.springframework.batch.infrastructure.repeat.RepeatStatus;
import org.springframework.dao.DataAccessException;
import org.springframework.stereotype.Component;

/** Drops runs that need not be kept, with their job metadata. */
@Component
class RetentionTasklet implements Tasklet {

    private static final Logger log = LoggerFactory.getLogger(RetentionTasklet.class);

    private final Retention retention;
    private final JobMetadata metadata;

    RetentionTasklet(Retention retention, JobMetadata metadata) {
        this.retention = retention;
        this.metadata = metadata;
    }

    @Override
    public RepeatStatus execute(StepContribution contribution, ChunkContext context) {
        try {
            for (long runId : retention.apply()) {
                metadata.delete(runId);
                retention.forgotten(runId);
            }
        } catch (DataAccessException e) {
            // The run is published; old storage that stays a while longer must not make it a failure.
            log.warn("Old runs could not be dropped; the next run tries again", e);
        }
        return RepeatStatus.FINISHED;
    }
}
