package dev.luna.batch.run;

import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Says in words where a run stands. Names only moments that the run carries, so equal runs read equal. */
final class RunSentence {

    private RunSentence() {}

    static String of(Run run) {
        return switch (run.state()) {
            case RUNNING -> running(run);
            case STOPPED -> dropped(run, "Stopped %s%s. %s".formatted(where(run), stopped(run), resumption(run)));
            case FAILED -> dropped(run, "Failed %s: %s %s".formatted(where(run), failure(run), resumption(run)));
            case HELD -> dropped(run, held(run));
            case COMPLETED -> completed(run);
        };
    }

    /** The same where something else was asked of the run than to wait for it: ends with what to do next in every state. */
    static String refusing(Run run) {
        return run.isWorkedOn()
                ? "%s Wait for it with `luna runs watch %d`%s."
                        .formatted(
                                of(run),
                                run.id(),
                                run.stopRequestedBy() == null
                                        ? ", or stop it with `luna runs stop %d`".formatted(run.id())
                                        : "")
                : of(run);
    }

    private static String running(Run run) {
        String doing =
                switch (run.phase()) {
                    case SNAPSHOT -> "Reading one snapshot of all inputs";
                    case SCORING -> scoring(run.progress());
                    case VERIFICATION -> "Checking the rankings before they are published";
                    case PUBLICATION, DONE -> "Publishing";
                };
        RunOwner owner = run.owner();
        if (owner == null || !owner.live()) {
            return "%s, but its process%s; the scheduler's next tick or `luna recompute` %s."
                    .formatted(
                            doing,
                            owner == null
                                    ? " no longer holds the lease"
                                    : " %s no longer holds the lease, which lapsed at %s"
                                            .formatted(owner.name(), seconds(owner.leaseUntil())),
                            run.stopRequestedBy() == null
                                    ? "resumes it"
                                    : "ends it, since %s asked it to stop".formatted(run.stopRequestedBy()));
        }
        return "%s since %s on %s%s.".formatted(doing, seconds(run.phaseStartedAt()), owner.name(), ahead(run));
    }

    private static String ahead(Run run) {
        if (run.stopRequestedBy() != null) {
            return "; %s asked it to stop".formatted(run.stopRequestedBy());
        }
        return run.phase() == RunPhase.PUBLICATION
                ? "; it waits as long as a transaction that changed venues, such as an import, is open"
                : "";
    }

    private static String held(Run run) {
        String since = seconds(run.finishedAt());
        return run.isHeldByGate()
                ? "Held back by the gate since %s: %s. Readers keep the run that is published; publish this one anyway with `luna runs publish %d --force`."
                        .formatted(since, refusals(run), run.id())
                : "Passed the gate and held since %s, as %s asked. Readers keep the run that is published; publish this one with `luna runs publish %d`."
                        .formatted(since, run.requestedBy(), run.id());
    }

    private static String stopped(Run run) {
        // Nobody is known where a process shut down, or for a run that was stopped before requests were stored.
        return run.stopRequestedBy() == null ? "" : " on request of " + run.stopRequestedBy();
    }

    private static String resumption(Run run) {
        return outOfDate(run)
                .map("It cannot be resumed: %s."::formatted)
                .orElseGet(() -> "Resume it with `luna runs restart %d`.".formatted(run.id()));
    }

    /**
     * Why what an unfinished run would publish is out of date by now, and what to do instead of resuming it; empty if it is
     * not.
     */
    static Optional<String> outOfDate(Run run) {
        return overtaking(run)
                .map(reason -> "%s; start a new one with `luna recompute%s`"
                        .formatted(reason, run.kind() == RunKind.REFRESH ? " --refresh" : ""));
    }

    /** What happened since the run began that publishing it would undo; empty if nothing did. */
    static Optional<String> overtaking(Run run) {
        return Optional.ofNullable(run.readersMovedTo())
                .map(moved -> "readers were moved to run %d after this refresh of run %d had begun"
                        .formatted(moved, run.baseRunId()))
                .or(() -> Optional.ofNullable(run.supersededBy())
                        .map("run %d, which began later, was published meanwhile"::formatted));
    }

    private static String scoring(RunProgress progress) {
        Long total = progress.usersTotal();
        Double eta = progress.etaSeconds();
        String left = eta == null ? "" : ", about %s left".formatted(Words.duration(eta));
        return Words.format("Scoring: %,d of %,d users%s", progress.usersDone(), total == null ? 0 : total, left);
    }

    private static String completed(Run run) {
        if (run.published()) {
            return "Published: readers see it since %s%s%s."
                    .formatted(seconds(run.publishedAt()), refreshed(run), forced(run));
        }
        return dropped(run, "Complete and kept; go back to it with `luna runs publish %d`.".formatted(run.id()));
    }

    /** Of a refresh: for whom it stands beside its base. */
    private static String refreshed(Run run) {
        Long base = run.baseRunId();
        if (base == null) {
            return "";
        }
        long users = run.progress().usersDone();
        return users == 0
                ? "; nothing changed since run %d, whose rankings all users keep".formatted(base)
                : Words.format(
                        "; %,d %s ranked anew, the others keep the rankings of run %d",
                        users, users == 1 ? "user is" : "users are", base);
    }

    private static String forced(Run run) {
        return run.forcedAt() == null
                ? ""
                : "; %s forced it past the gate at %s".formatted(run.forcedBy(), seconds(run.forcedAt()));
    }

    private static String dropped(Run run, String otherwise) {
        return run.storageDroppedAt() == null
                ? otherwise
                : "%s; its rankings were dropped at %s. `luna runs` shows which are kept, `luna recompute` makes new ones."
                        .formatted(
                                switch (run.state()) {
                                    case STOPPED -> "Stopped";
                                    case FAILED -> "Failed: " + withoutStop(failure(run));
                                    case HELD -> run.isHeldByGate() ? "Held back by the gate" : "Held as asked";
                                    case RUNNING, COMPLETED -> "Complete";
                                },
                                seconds(run.storageDroppedAt()));
    }

    private static String where(Run run) {
        return "in %s at %s".formatted(run.phase().name().toLowerCase(Locale.ROOT), seconds(run.finishedAt()));
    }

    private static String refusals(Run run) {
        return run.gate().stream()
                .filter(check -> !check.ok())
                .map(check -> withoutStop(check.detail()))
                .collect(Collectors.joining("; "));
    }

    private static String failure(Run run) {
        RunFailure failure = run.failure();
        return failure == null ? "No reason was recorded." : failure.sentences();
    }

    private static String withoutStop(String text) {
        String trimmed = text.strip();
        return trimmed.endsWith(".") ? trimmed.substring(0, trimmed.length() - 1) : trimmed;
    }

    private static String seconds(@Nullable Instant moment) {
        return moment == null
                ? "an unknown time"
                : moment.truncatedTo(ChronoUnit.SECONDS).toString();
    }
}
