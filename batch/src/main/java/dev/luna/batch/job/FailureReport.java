package dev.luna.batch.job;

import dev.luna.batch.run.RunOutcome;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.batch.core.job.JobExecution;
import org.springframework.batch.core.step.StepExecution;

/** Tells in words why an execution failed: where, the causes in short, and what to do. The log has the stack trace. */
final class FailureReport {

    private static final int LONGEST_MESSAGE = 300;

    private FailureReport() {}

    /** The first failed step tells more than the step over it that only says that a partition failed. */
    static RunOutcome of(JobExecution execution) {
        Optional<StepExecution> failed = execution.getStepExecutions().stream()
                .filter(step -> !step.getFailureExceptions().isEmpty())
                .min(Comparator.comparing((StepExecution step) -> isManager(step))
                        .thenComparing(StepExecution::getStepName));
        if (failed.isPresent()) {
            StepExecution step = failed.get();
            return outcome(where(step), step.getFailureExceptions().get(0));
        }
        List<Throwable> failures = execution.getAllFailureExceptions();
        if (!failures.isEmpty()) {
            return outcome("the job", failures.get(0));
        }
        return new RunOutcome(
                RunOutcome.End.FAILED,
                "the job ended as %s without a reason; see the log".formatted(execution.getStatus()));
    }

    static RunOutcome of(Throwable failure) {
        return outcome("the job's own records", failure);
    }

    private static boolean isManager(StepExecution step) {
        return step.getStepName().equals(RecomputeJobConfiguration.SCORING);
    }

    private static String where(StepExecution step) {
        return step.getStepName().indexOf(':') < 0
                ? step.getStepName()
                : "partition " + StoredPlanSplitter.partition(step);
    }

    private static RunOutcome outcome(String where, Throwable failure) {
        List<Throwable> chain = chain(failure);
        String state = chain.stream()
                .filter(SQLException.class::isInstance)
                .map(cause -> ((SQLException) cause).getSQLState())
                .filter(Objects::nonNull)
                .findFirst()
                .orElse("");
        boolean disconnected = state.startsWith("08") || state.startsWith("57P");
        return new RunOutcome(
                disconnected ? RunOutcome.End.DISCONNECTED : RunOutcome.End.FAILED,
                "in %s: %s. %s".formatted(where, causes(chain), hint(state, chain)));
    }

    private static List<Throwable> chain(Throwable failure) {
        List<Throwable> chain = new ArrayList<>();
        for (@Nullable Throwable at = failure; at != null && chain.size() < 20; at = at.getCause()) {
            chain.add(at);
        }
        return chain;
    }

    /** Messages of the framework's wrappers repeat what they wrap, some with the SQL; they are left out if others speak. */
    private static String causes(List<Throwable> chain) {
        List<String> spoken = chain.stream()
                .filter(cause -> !cause.getClass().getName().startsWith("org.springframework"))
                .map(FailureReport::message)
                .distinct()
                .toList();
        return spoken.isEmpty() ? message(chain.get(chain.size() - 1)) : String.join(", caused by ", spoken);
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

    private static String hint(String sqlState, List<Throwable> chain) {
        if (chain.stream().anyMatch(OutOfMemoryError.class::isInstance)) {
            return "Give the process more memory (-Xmx), then restart the run.";
        }
        if (sqlState.startsWith("08") || sqlState.startsWith("57P")) {
            return "The database went away; once it answers, restart the run.";
        }
        if (sqlState.startsWith("53")) {
            return "The database has no resources left (53100: disk full); make room, then restart the run.";
        }
        return "Its finished chunks are kept; the owner's log has the stack trace.";
    }
}
