package dev.luna.batch.job;

import java.time.LocalDateTime;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.batch.core.BatchStatus;
import org.springframework.batch.core.job.JobExecution;
import org.springframework.batch.core.job.JobInstance;
import org.springframework.batch.core.repository.JobRepository;
import org.springframework.batch.core.step.StepExecution;
import org.springframework.dao.DataIntegrityViolationException;
import org.springframework.dao.OptimisticLockingFailureException;
import org.springframework.stereotype.Component;

/** What Spring Batch recorded about a run. Thread-safe. */
@Component
class JobMetadata {

    private static final Logger log = LoggerFactory.getLogger(JobMetadata.class);

    /** Each record is written a few times at the end of a job; a late owner has no more to say than that. */
    private static final int RECOVERIES = 100;

    private final JobRepository repository;

    JobMetadata(JobRepository repository) {
        this.repository = repository;
    }

    /** The latest execution of a run's job. */
    Optional<JobExecution> latest(long runId) {
        return instance(runId).map(repository::getLastJobExecution);
    }

    /**
     * Declares a dead process's execution failed, so that it can be restarted: STARTED, STARTING, STOPPING and UNKNOWN
     * alike, of the job and of its steps. The caller holds the run's lease, so nobody works on it any more; should the dead
     * process wake, its next commit fails on the versions raised here, and on the fence.
     *
     * <p>Until then a process that is not dead, only late, may still write its own records here, which no fence guards; if one
     * comes between, this looks again.
     *
     * <p>A process that died before its first execution was recorded left a job without any, which Spring Batch would neither
     * start nor restart: that is deleted.
     *
     * <p>{@code JobOperator.recover} is not enough: it refuses UNKNOWN, and leaves a job alone that was told to stop.
     */
    void recover(long runId) {
        for (int attempt = 1; ; attempt++) {
            try {
                deleteUnbegun(runId);
                failUnfinished(runId);
                return;
            } catch (OptimisticLockingFailureException | DataIntegrityViolationException e) {
                if (attempt == RECOVERIES) {
                    throw e;
                }
                log.info("The owner before still wrote about run {}; looking again", runId);
            }
        }
    }

    private void deleteUnbegun(long runId) {
        instance(runId)
                .filter(instance -> repository.getLastJobExecution(instance) == null)
                .ifPresent(instance -> {
                    log.info("Recovering run {} from a job that never began", runId);
                    repository.deleteJobInstance(instance);
                });
    }

    private void failUnfinished(long runId) {
        latest(runId).ifPresent(execution -> {
            for (StepExecution step : execution.getStepExecutions()) {
                if (isUnfinished(step.getStatus())) {
                    step.setStatus(BatchStatus.FAILED);
                    step.setEndTime(LocalDateTime.now());
                    repository.update(step);
                }
            }
            if (isUnfinished(execution.getStatus())) {
                log.info("Recovering run {} from an execution left in {}", runId, execution.getStatus());
                execution.setStatus(BatchStatus.FAILED);
                execution.setEndTime(LocalDateTime.now());
                repository.update(execution);
            }
        });
    }

    /**
     * Asks an execution to stop, which its steps find out when they write their own records. Nothing is done if it was asked
     * before or is over. One that ends just now may be left as STOPPING or without its end time and exit message, which nobody
     * looks at once its run has ended.
     *
     * <p>{@code JobOperator.stop} also writes the records of the steps, which then may fail to write theirs.
     */
    void requestStop(JobExecution execution) {
        if (execution.getStatus() != BatchStatus.STARTING && execution.getStatus() != BatchStatus.STARTED) {
            return;
        }
        execution.setStatus(BatchStatus.STOPPING);
        try {
            repository.update(execution);
        } catch (OptimisticLockingFailureException e) {
            // It wrote its own record at that moment: it looks for a stored request, and a shutdown asks again.
        }
    }

    /** Deletes all executions of a run's job. A run without any is ignored. */
    void delete(long runId) {
        instance(runId).ifPresent(repository::deleteJobInstance);
    }

    private Optional<JobInstance> instance(long runId) {
        return Optional.ofNullable(
                repository.getJobInstance(RecomputeJobConfiguration.JOB, RunParameters.identifying(runId)));
    }

    private static boolean isUnfinished(BatchStatus status) {
        return status.isRunning() || status == BatchStatus.UNKNOWN;
    }
}
