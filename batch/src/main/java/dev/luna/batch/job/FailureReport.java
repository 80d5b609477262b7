package dev.luna.batch.job;

import dev.luna.batch.database.Causes;
import dev.luna.batch.database.Disconnection;
import dev.luna.batch.database.SqlFailure;
import dev.luna.batch.run.ProcessName;
import dev.luna.batch.run.RunFailure;
import dev.luna.batch.run.RunOutcome;
import dev.luna.batch.snapshot.SnapshotRefusedException;
import java.nio.file.FileSystemException;
import java.sql.SQLException;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.batch.core.job.JobExecution;
import org.springframework.batch.core.step.StepExecution;
import org.springframework.dao.OptimisticLockingFailureException;

/** Tells in words why an execution failed: where, the causes in short, and what to do. The log has the stack trace. */
final class FailureReport {

    private static final int LONGEST_MESSAGE = 300;

    private FailureReport() {}

    /**
     * The partition that failed first tells more than those that failed because of it, and than the step over it, which only
     * says that a partition failed.
     */
    static RunOutcome of(JobExecution execution) {
        List<StepExecution> failed = execution.getStepExecutions().stream()
                .filter(step -> !step.getFailureExceptions().isEmpty())
                .sorted(Comparator.comparing(FailureReport::isManager)
                        .thenComparing(StepExecution::getEndTime, Comparator.nullsLast(Comparator.naturalOrder()))
                        .thenComparing(StepExecution::getStepName))
                .toList();
        // A lost connection shows itself in many ways at once, and not always first in the first partition.
        for (StepExecution step : failed) {
            for (Throwable failure : step.getFailureExceptions()) {
                if (isDisconnected(failure)) {
                    return outcome(where(step), partition(step), failure);
                }
            }
        }
        if (!failed.isEmpty()) {
            StepExecution first = failed.get(0);
            return outcome(
                    where(first), partition(first), first.getFailureExceptions().get(0));
        }
        List<Throwable> failures = execution.getAllFailureExceptions();
        if (!failures.isEmpty()) {
            return outcome("the job", null, failures.get(0));
        }
        return new RunOutcome(
                RunOutcome.End.FAILED,
                RunFailure.of(
                        "the job",
                        List.of("it ended as %s without a reason".formatted(execution.getStatus())),
                        "More is in " + ProcessName.log() + "."));
    }

    static RunOutcome of(Throwable failure) {
        return outcome("the job's own records", null, failure);
    }

    private static boolean isManager(StepExecution step) {
        return step.getStepName().equals(RecomputeJobConfiguration.SCORING);
    }

    private static @Nullable Integer partition(StepExecution step) {
        return step.getStepName().indexOf(':') < 0 ? null : StoredPlanSplitter.partition(step);
    }

    private static String where(StepExecution step) {
        Integer partition = partition(step);
        return partition == null ? step.getStepName() : "partition " + partition;
    }

    private static RunOutcome outcome(String where, @Nullable Integer partition, Throwable failure) {
        List<Throwable> chain = Causes.of(failure).toList();
        return new RunOutcome(
                isDisconnected(failure) ? RunOutcome.End.DISCONNECTED : RunOutcome.End.FAILED,
                new RunFailure(where, partition, null, null, null, causes(chain), hint(chain)));
    }

    private static boolean isDisconnected(Throwable failure) {
        return Disconnection.isCauseOf(failure)
                || SqlFailure.isDeadlock(failure)
                || Causes.of(failure).anyMatch(FailureReport::isOvertaken);
    }

    /**
     * Messages of wrappers repeat what they wrap, the framework's with the SQL, and a file's exception often says no more than
     * the file's name, which its bearer explains; they are left out if others speak.
     */
    private static List<String> causes(List<Throwable> chain) {
        List<String> spoken = chain.stream()
                .filter(cause -> !cause.getClass().getName().startsWith("org.springframework"))
                .filter(cause -> !(cause instanceof FileSystemException))
                .filter(cause -> !String.valueOf(cause.getCause()).equals(cause.getMessage()))
                .map(FailureReport::message)
                .distinct()
                .toList();
        return spoken.isEmpty() ? List.of(message(chain.get(chain.size() - 1))) : spoken;
    }

    private static String message(Throwable cause) {
        String text = cause.getMessage();
        String line = text == null || text.isBlank()
                ? cause.getClass().getSimpleName()
                : text.strip().lines().findFirst().orElse("");
        if (cause instanceof Error || text == null) {
            line = cause.getClass().getSimpleName() + (text == null ? "" : ": " + line);
        }
        return line.length() <= LONGEST_MESSAGE ? line : line.substring(0, LONGEST_MESSAGE) + "…";
    }

    /**
     * The job's records are newer than this process knows: a commit whose answer was lost did come through, or another owner
     * wrote them. Either way the run's lease tells whether to go on.
     */
    private static boolean isOvertaken(Throwable cause) {
        return cause instanceof OptimisticLockingFailureException;
    }

    /** The remedy of the cause. Whether the run can be resumed then is not known yet; its sentence tells. */
    private static String hint(List<Throwable> chain) {
        if (chain.stream().anyMatch(FailureReport::isOutOfThreads)) {
            return "The system lets the process start no more threads; set luna.recompute.threads lower or its limit of processes"
                    + " higher.";
        }
        if (chain.stream().anyMatch(OutOfMemoryError.class::isInstance)) {
            return "Give the process more memory (-Xmx).";
        }
        if (chain.stream().anyMatch(FailureReport::isOutOfResources)) {
            return "The database has no resources left, such as disk; make room.";
        }
        if (chain.stream().anyMatch(SnapshotRefusedException.class::isInstance)) {
            return "";
        }
        return "The stack trace is in " + ProcessName.log() + ".";
    }

    private static boolean isOutOfThreads(Throwable cause) {
        return cause instanceof OutOfMemoryError
                && String.valueOf(cause.getMessage()).contains("native thread");
    }

    /** Class 53 of PostgreSQL's error codes: disk full, out of memory, too many connections. */
    private static boolean isOutOfResources(Throwable cause) {
        return cause instanceof SQLException sql
                && sql.getSQLState() != null
                && sql.getSQLState().startsWith("53");
    }
}
