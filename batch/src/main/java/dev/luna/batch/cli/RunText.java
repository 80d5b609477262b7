package dev.luna.batch.cli;

import dev.luna.batch.run.GateCheck;
import dev.luna.batch.run.PartitionProgress;
import dev.luna.batch.run.Run;
import dev.luna.batch.run.RunFailure;
import dev.luna.batch.run.RunOwner;
import dev.luna.batch.run.RunPhase;
import dev.luna.batch.run.RunProgress;
import dev.luna.batch.run.RunState;
import dev.luna.batch.run.RunStorage;
import dev.luna.batch.run.RunVerifier;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;

/** Runs as text for people. */
final class RunText {

    private RunText() {}

    /**
     * One line per run.
     *
     * @param isAll whether these are all that there are, or only those that were asked for
     */
    static String list(List<Run> runs, boolean isAll) {
        if (runs.isEmpty()) {
            return isAll
                    ? "There are no runs yet; start one with `luna recompute`"
                    : "There are no such runs; `luna runs` lists all";
        }
        return Tables.table(
                List.of(">ID", "", "STATE", "STARTED", ">TOOK", ">USERS", ">STORAGE", "CHECKSUM", "BY"),
                runs.stream().map(RunText::row).toList());
    }

    private static List<String> row(Run run) {
        String state = run.state().name().toLowerCase(Locale.ROOT);
        return List.of(
                Long.toString(run.id()),
                run.published() ? "*" : "",
                run.state() == RunState.RUNNING ? state + " " + progress(run) : state,
                Tables.time(run.createdAt()),
                took(run),
                Tables.number(run.counts().users()),
                run.storageDroppedAt() == null ? Tables.bytes(run.storageBytes()) : "dropped",
                checksum(run),
                run.requestedBy());
    }

    private static String progress(Run run) {
        RunProgress progress = run.progress();
        Long total = progress.usersTotal();
        return run.phase() == RunPhase.SCORING && total != null && total > 0
                ? "(scoring %d %%)".formatted(100 * progress.usersDone() / total)
                : "(%s)".formatted(name(run.phase()));
    }

    private static String rate(Run run) {
        Double rate = run.progress().usersPerSecond();
        return run.state() == RunState.RUNNING && run.phase() == RunPhase.SCORING && rate != null
                ? ", %s users/s".formatted(Tables.number(Math.round(rate)))
                : "";
    }

    private static String took(Run run) {
        double seconds =
                run.timings().values().stream().mapToDouble(Double::doubleValue).sum();
        return seconds == 0 ? "-" : duration(seconds);
    }

    private static String duration(double seconds) {
        return Tables.duration(Duration.ofMillis(Math.round(seconds * 1000)));
    }

    static String checksum(Run run) {
        Long checksum = run.checksum();
        return checksum == null ? "-" : "%016x".formatted(checksum);
    }

    /** Everything about one run. */
    static String details(Run run) {
        List<List<String>> rows = new ArrayList<>();
        rows.add(List.of("run", run.id() + " (" + kind(run) + ")"));
        rows.add(
                List.of("state", run.state().name().toLowerCase(Locale.ROOT) + (run.published() ? ", published" : "")));
        rows.add(List.of("phase", name(run.phase())));
        rows.add(List.of(
                "requested",
                Tables.time(run.createdAt()) + " by " + run.requestedBy() + (run.hold() ? ", as a trial" : "")));
        RunOwner owner = run.owner();
        if (owner != null) {
            rows.add(List.of(
                    "owner",
                    "%s since %s, lease %s %s"
                            .formatted(
                                    owner.name(),
                                    Tables.time(owner.since()),
                                    owner.live() ? "until" : "lapsed at",
                                    Tables.time(owner.leaseUntil()))));
        }
        rows.add(List.of("profile", asSet(run.profile())));
        rows.add(List.of("settings", asSet(run.settings())));
        rows.add(List.of("snapshot", Tables.time(run.snapshotAt())));
        rows.add(List.of("users", Tables.number(run.counts().users())));
        rows.add(List.of("venues", Tables.number(run.counts().venues())));
        rows.add(List.of("interactions", Tables.number(run.counts().interactions())));
        rows.add(List.of("edges", Tables.number(run.counts().edges())));
        RunProgress progress = run.progress();
        rows.add(List.of(
                "scored",
                "%s users, %d of %d partitions%s"
                        .formatted(
                                Tables.number(progress.usersDone()),
                                progress.partitionsDone(),
                                progress.partitionsTotal(),
                                rate(run))));
        run.timings().forEach((phase, seconds) -> rows.add(List.of("  " + name(phase), duration(seconds))));
        rows.add(List.of("finished", Tables.time(run.finishedAt())));
        rows.add(List.of("checksum", checksum(run)));
        rows.add(List.of("storage", run.storageDroppedAt() == null ? Tables.bytes(run.storageBytes()) : "dropped"));
        String publishedBy = run.publishedBy();
        if (publishedBy != null) {
            rows.add(List.of("published", Tables.time(run.publishedAt()) + " by " + publishedBy));
        }
        String forcedBy = run.forcedBy();
        if (forcedBy != null) {
            rows.add(
                    List.of("forced", Tables.time(run.forcedAt()) + " by " + forcedBy + ", although the gate held it"));
        }
        RunFailure failure = run.failure();
        if (failure != null) {
            rows.addAll(failure(failure));
        }
        for (GateCheck check : run.gate()) {
            rows.add(List.of(check.ok() ? "gate ok" : "gate NO", check.detail()));
        }
        return rows.stream()
                        .map(row -> "%-16s%s".formatted(row.get(0), row.get(1)))
                        .collect(Collectors.joining(System.lineSeparator()))
                + System.lineSeparator()
                + run.sentence();
    }

    /** What was recorded, by the names and in the form that it has in the configuration. */
    private static String asSet(Map<String, Object> recorded) {
        return recorded.entrySet().stream()
                .sorted(Map.Entry.comparingByKey())
                .map(entry -> entry.getKey().replace('_', '-') + "=" + asSet(entry.getValue()))
                .collect(Collectors.joining(" "));
    }

    private static String asSet(Object value) {
        return value instanceof List<?> several
                ? several.stream().map(String::valueOf).collect(Collectors.joining(","))
                : String.valueOf(value);
    }

    private static List<List<String>> failure(RunFailure failure) {
        List<List<String>> rows = new ArrayList<>();
        rows.add(List.of("failed in", failure.where()));
        if (failure.users() != null) {
            rows.add(List.of(
                    "  users",
                    "%d, from %s to %s".formatted(failure.users(), failure.firstUserId(), failure.lastUserId())));
        }
        failure.causes().forEach(cause -> rows.add(List.of("  because", cause)));
        if (!failure.hint().isEmpty()) {
            rows.add(List.of("  hint", failure.hint()));
        }
        return rows;
    }

    /** Partitions that are under way or not begun; nothing when all are done. */
    static String unfinished(List<PartitionProgress> partitions) {
        List<List<String>> rows = partitions.stream()
                .filter(partition -> partition.usersDone() < partition.usersTotal())
                .map(partition -> List.of(
                        Integer.toString(partition.partition()),
                        Tables.number((long) partition.usersDone()),
                        Tables.number((long) partition.usersTotal()),
                        "%d %%".formatted(100L * partition.usersDone() / partition.usersTotal())))
                .toList();
        return rows.isEmpty()
                ? ""
                : System.lineSeparator() + Tables.table(List.of(">PARTITION", ">DONE", ">USERS", ">"), rows);
    }

    /** What runs take on disk and will take, in one line. */
    static String storage(RunStorage storage) {
        String kept = storage.runs() == 0
                ? "No runs are kept"
                : "%s %s %s"
                        .formatted(
                                Tables.count((long) storage.runs(), "kept run"),
                                storage.runs() == 1 ? "takes" : "take",
                                Tables.bytes(storage.bytes()));
        return "%s. Expected: %s x %s %s bytes (K = %d) x %d runs (%d full, and as many refreshes, of everybody at most) = %s, and %s for each under way, held, stopped or failed (at most %d)."
                .formatted(
                        kept,
                        Tables.count(storage.users(), "user"),
                        storage.measured() ? "about" : "at least",
                        Tables.number(storage.bytesPerUser()),
                        storage.venuesPerUser(),
                        2 * storage.keepRuns(),
                        storage.keepRuns(),
                        Tables.bytes(storage.expectedBytes()),
                        Tables.bytes(storage.peakBytes()),
                        2 * storage.keepRuns() + 1);
    }

    /** How a run that was watched ended. */
    static String summary(Run run) {
        String head = run.published()
                ? "Run %d is published: %s, %s in %s%s"
                        .formatted(
                                run.id(),
                                Tables.count(run.counts().users(), "user"),
                                Tables.count(run.counts().venues(), "venue"),
                                took(run),
                                refreshed(run))
                : "Run %d: %s".formatted(run.id(), run.sentence());
        if (run.timings().isEmpty()) {
            return head;
        }
        String phases = run.timings().entrySet().stream()
                .map(e -> name(e.getKey()) + " " + duration(e.getValue()))
                .collect(Collectors.joining(", "));
        return head + System.lineSeparator() + "  " + phases + System.lineSeparator() + "  checksum " + checksum(run);
    }

    /** What a verification found. */
    static String verification(long id, RunVerifier.Verification found) {
        String head = "Run %d: %s of %s compared users have exactly the rankings of brute force"
                .formatted(id, Tables.number((long) found.equal()), Tables.number((long) found.users()));
        return found.firstDifference().isEmpty()
                ? head
                : head + System.lineSeparator() + "  first difference: " + found.firstDifference();
    }

    /** @param difference what {@code Verifications.checksumDifference} found */
    static String checksum(String difference) {
        return "  " + (difference.isEmpty() ? "all stored rankings together have the checksum of the run" : difference);
    }

    private static String kind(Run run) {
        String kind = run.kind().name().toLowerCase(Locale.ROOT);
        return run.baseRunId() == null ? kind : kind + " of run " + run.baseRunId();
    }

    private static String refreshed(Run run) {
        Long base = run.baseRunId();
        if (base == null) {
            return "";
        }
        long users = run.progress().usersDone();
        return users == 0
                ? "; nothing changed since run %d".formatted(base)
                : "; %s ranked anew since run %d".formatted(Tables.count(users, "user"), base);
    }

    private static String name(RunPhase phase) {
        return phase.name().toLowerCase(Locale.ROOT);
    }
}
