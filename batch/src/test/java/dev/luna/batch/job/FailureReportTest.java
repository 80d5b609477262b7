package dev.luna.batch.job;

import static org.assertj.core.api.Assertions.assertThat;

import dev.luna.batch.run.ProcessName;
import dev.luna.batch.run.RunOutcome;
import dev.luna.batch.snapshot.SnapshotRefusedException;
import java.nio.file.NoSuchFileException;
import java.sql.SQLException;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.springframework.batch.core.job.JobExecution;
import org.springframework.batch.core.job.JobInstance;
import org.springframework.batch.core.job.JobInterruptedException;
import org.springframework.batch.core.job.parameters.JobParameters;
import org.springframework.batch.core.step.StepExecution;
import org.springframework.dao.DataAccessResourceFailureException;
import org.springframework.dao.OptimisticLockingFailureException;
import org.springframework.jdbc.UncategorizedSQLException;

class FailureReportTest {

    @Test
    void causesAreToldInShortWithoutSqlAndWithoutTheFramework() {
        RunOutcome outcome = FailureReport.of(new UncategorizedSQLException(
                "PreparedStatementCallback",
                "update secret_table",
                new SQLException("ERROR: no luck\n  Where: here", "P0001")));

        assertThat(outcome.end()).isEqualTo(RunOutcome.End.FAILED);
        assertThat(outcome.failure().sentences())
                .isEqualTo("in the job's own records: ERROR: no luck. The stack trace is in the log of %s."
                        .formatted(new ProcessName().name()));
    }

    @Test
    void whatSaysNoMoreThanItsCauseIsLeftOut() {
        RunOutcome outcome = FailureReport.of(new ExecutionException(new UncategorizedSQLException(
                "PreparedStatementCallback", "update secret_table", new SQLException("ERROR: no luck", "P0001"))));

        assertThat(outcome.failure().sentences())
                .startsWith("in the job's own records: ERROR: no luck. The stack trace is in");
    }

    @Test
    void aFileIsNotNamedOnceMoreByItsException() {
        RunOutcome outcome = FailureReport.of(new IllegalStateException(
                "files in /proc/luna failed: no such file or directory", new NoSuchFileException("/proc/luna")));

        assertThat(outcome.failure().sentences())
                .startsWith(
                        "in the job's own records: files in /proc/luna failed: no such file or directory. The stack trace is in");
    }

    @Test
    void aLostConnectionOrADeadlockIsNotAFailureOfTheRun() {
        for (SQLException cause : new SQLException[] {
            new SQLException("This connection has been closed.", "08003"),
            new SQLException("FATAL: terminating connection due to administrator command", "57P01"),
            new SQLException("Connection is closed"),
            new SQLException("ERROR: deadlock detected", "40P01")
        }) {
            assertThat(FailureReport.of(new DataAccessResourceFailureException("", cause))
                            .end())
                    .as(cause.getMessage())
                    .isEqualTo(RunOutcome.End.DISCONNECTED);
        }
    }

    @Test
    void aStepWhoseRecordsAnotherHasChangedIsNotAFailureOfTheRunWhateverEndedItsPartitions() {
        JobExecution execution = new JobExecution(1, new JobInstance(1, "recompute"), new JobParameters());
        StepExecution partition = new StepExecution(1, "partition:0000", execution);
        partition.getExecutionContext().putInt("partition", 0);
        partition.addFailureException(new JobInterruptedException("JobExecution interrupted."));
        StepExecution scoring = new StepExecution(2, "scoring", execution);
        scoring.addFailureException(new OptimisticLockingFailureException("wrong version"));
        execution.addStepExecutions(List.of(partition, scoring));

        assertThat(FailureReport.of(execution).end()).isEqualTo(RunOutcome.End.DISCONNECTED);
    }

    @Test
    void aRefusedSnapshotTellsItsRemedyAndNoStackTrace() {
        var refusal = new SnapshotRefusedException("too small; start it with -Xmx290m");

        assertThat(refusal.getStackTrace()).isEmpty();
        assertThat(FailureReport.of(refusal).failure().sentences())
                .isEqualTo("in the job's own records: too small; start it with -Xmx290m.");
    }

    @Test
    void theHintFitsTheCause() {
        assertThat(FailureReport.of(new IllegalStateException("load", new OutOfMemoryError("Java heap space")))
                        .failure()
                        .sentences())
                .contains("load, caused by OutOfMemoryError: Java heap space", "-Xmx");
        assertThat(FailureReport.of(new OutOfMemoryError("unable to create native thread"))
                        .failure()
                        .sentences())
                .contains("luna.recompute.threads")
                .doesNotContain("-Xmx");
        assertThat(FailureReport.of(new SQLException("ERROR: could not extend file: No space left on device", "53100"))
                        .failure()
                        .sentences())
                .contains("disk", "make room");
    }

    /** The run's sentence does, which knows whether it can be resumed and what is kept of it. */
    @Test
    void noHintSaysHowTheRunGoesOn() {
        assertThat(Stream.of(
                                new OutOfMemoryError("Java heap space"),
                                new OutOfMemoryError("unable to create native thread"),
                                new SQLException("ERROR: could not extend file: No space left on device", "53100"),
                                new SQLException("ERROR: no luck", "P0001"))
                        .map(failure -> FailureReport.of(failure).failure().hint()))
                .allSatisfy(hint -> assertThat(hint).endsWith(".").doesNotContain("restart", "kept"));
    }

    @Test
    void endlessMessagesAreCut() {
        assertThat(FailureReport.of(new IllegalStateException("x".repeat(5000)))
                        .failure()
                        .sentences())
                .hasSizeLessThan(500)
                .contains("x…");
    }
}
