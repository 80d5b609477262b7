package dev.luna.batch.job;

import dev.luna.batch.run.Claim;
import org.springframework.batch.core.job.parameters.JobParameters;
import org.springframework.batch.core.job.parameters.JobParametersBuilder;
import org.springframework.batch.core.step.StepExecution;

/**
 * How a run is told to the job: its id identifies the job, so a restart of the run is a restart of the job; the fencing
 * token does not, since it grows with every owner.
 */
final class RunParameters {

    private static final String RUN_ID = "run.id";
    private static final String TOKEN = "run.token";

    private RunParameters() {}

    static JobParameters of(Claim claim) {
        return new JobParametersBuilder(identifying(claim.runId()))
                .addLong(TOKEN, claim.token(), false)
                .toJobParameters();
    }

    static JobParameters identifying(long runId) {
        return new JobParametersBuilder().addLong(RUN_ID, runId, true).toJobParameters();
    }

    static Claim claim(StepExecution step) {
        return claim(step.getJobParameters());
    }

    static Claim claim(JobParameters parameters) {
        Long runId = parameters.getLong(RUN_ID);
        Long token = parameters.getLong(TOKEN);
        if (runId == null || token == null) {
            throw new IllegalStateException(
                    "the job is started by runs only, with %s and %s; it has %s".formatted(RUN_ID, TOKEN, parameters));
        }
        return new Claim(runId, token);
    }
}
