package dev.luna.batch.job;

import dev.luna.batch.database.Disconnection;
import dev.luna.batch.run.Claim;
import dev.luna.batch.run.RunFailure;
import dev.luna.batch.run.RunJob;
import dev.luna.batch.run.RunLog;
import dev.luna.batch.run.RunOutcome;
import java.util.concurrent.Future;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.batch.core.job.Job;
import org.springframework.batch.core.job.JobExecution;
import org.springframework.batch.core.job.JobExecutionException;
import org.springframework.batch.core.launch.JobExecutionAlreadyRunningException;
import org.springframework.batch.core.launch.JobInstanceAlreadyCompleteException;
import org.springframework.batch.core.launch.JobOperator;
import org.springframework.batch.core.launch.JobRestartException;
import org.springframework.dao.DataAccessException;
import org.springframework.stereotype.Component;
import org.springframework.transaction.TransactionException;

/** Runs as executions of the Spring Batch job: one job instance per run, one execution per attempt. Thread-safe. */
@Component
class BatchRunJob implements RunJob {

    private static final Logger log = LoggerFactory.getLogger(BatchRunJob.class);

    /** Each takes a late record of an owner before, who writes a few at the end of his job and then no more. */
    private static final int STARTS = 20;

    private final Job recompute;
    private final JobOperator operator;
    private final JobMetadata metadata;
    private final FailedChunk failedChunk;
    private final RunLog runLog;
    private final StopSignals stops;
    private final ScoringWorlds worlds;

    BatchRunJob(
            Job recompute,
            JobOperator operator,
            JobMetadata metadata,
            FailedChunk failedChunk,
            RunLog runLog,
            StopSignals stops,
            ScoringWorlds worlds) {
        this.runLog = runLog;
        this.stops = stops;
        this.recompute = recompute;
        this.operator = operator;
        this.metadata = metadata;
        this.failedChunk = failedChunk;
        this.worlds = worlds;
    }

    @Override
    public RunOutcome execute(Claim claim) {
        try {
            metadata.recover(claim.runId());
            if (runLog.isStopRequested(claim.runId())) {
                // Asked while there was nobody to hear it.
                return new RunOutcome(RunOutcome.End.STOPPED, null);
            }
            JobExecution execution = executed(claim);
            return switch (execution.getStatus()) {
                case COMPLETED -> new RunOutcome(RunOutcome.End.COMPLETED, null);
                case STOPPED -> new RunOutcome(RunOutcome.End.STOPPED, null);
                default -> failed(claim, FailureReport.of(execution));
            };
        } catch (JobInstanceAlreadyCompleteException e) {
            // The execution before was the last one, and only the answer to its last commit was lost.
            return new RunOutcome(RunOutcome.End.COMPLETED, null);
        } catch (DataAccessException | TransactionException | JobExecutionException e) {
            return FailureReport.of(e);
        } catch (RuntimeException e) {
            if (Disconnection.isCauseOf(e)) {
                return FailureReport.of(e);
            }
            throw e;
        } finally {
            // Here, as Spring Batch tells its listeners of an end only after it has recorded it, which may fail.
            worlds.release(claim);
        }
    }

    /** Whoever asks for a stop may not live to tell this execution, so that looks for itself. */
    private JobExecution executed(Claim claim) throws JobExecutionException {
        Future<?> looking = stops.onRequest(claim.runId(), () -> requestStop(claim));
        try {
            return started(claim);
        } finally {
            looking.cancel(false);
        }
    }

    /** An owner before that is only late may write its records once more after they were recovered; then again. */
    private JobExecution started(Claim claim) throws JobExecutionException {
        for (int attempt = 1; ; attempt++) {
            try {
                JobExecution execution = operator.start(recompute, RunParameters.of(claim));
                if (attempt == STARTS || !isRefused(execution)) {
                    return execution;
                }
            } catch (JobRestartException | JobExecutionAlreadyRunningException e) {
                if (attempt == STARTS) {
                    throw e;
                }
            }
            log.info("The owner before wrote about run {} again; recovering it again", claim.runId());
            metadata.recover(claim.runId());
        }
    }

    /** Whether a step did not begin because of what its last execution says. */
    private static boolean isRefused(JobExecution execution) {
        return execution.getAllFailureExceptions().stream().anyMatch(JobRestartException.class::isInstance);
    }

    private RunOutcome failed(Claim claim, RunOutcome outcome) {
        RunFailure failure = outcome.failure();
        return failure == null || outcome.end() != RunOutcome.End.FAILED
                ? outcome
                : new RunOutcome(outcome.end(), failedChunk.named(claim.runId(), failure));
    }

    @Override
    public void requestStop(long runId) {
        metadata.latest(runId).ifPresent(metadata::requestStop);
    }

    @Override
    public void requestStop(Claim claim) {
        metadata.latest(claim.runId())
                .filter(latest -> RunParameters.claim(latest.getJobParameters()).equals(claim))
                .ifPresent(metadata::requestStop);
    }
}
