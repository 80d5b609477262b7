package dev.luna.batch.cli;

import dev.luna.batch.job.RecomputeFloor;
import dev.luna.batch.job.RecomputeFloor.Kind;
import dev.luna.batch.job.RecomputeFloor.Part;
import dev.luna.batch.run.Run;
import dev.luna.batch.run.RunPhase;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import java.util.function.ToLongFunction;

/**
 * A measured run beside its floor, as text.
 *
 * @param run the run
 * @param laps what each phase spent
 * @param bookkeeping what metadata, lease and progress took, as a table
 * @param residentPeakBytes largest resident memory of the process until the run ended; 0 if unknown
 * @param floor the parts of the floor
 */
record RecomputeReport(
        Run run,
        Map<RunPhase, ProcessMeter.Lap> laps,
        String bookkeeping,
        long residentPeakBytes,
        List<RecomputeFloor.Part> floor) {

    private static final Set<String> STAGED = Set.of("run_venue", "run_input");

    private static final ProcessMeter.Lap UNSEEN = new ProcessMeter.Lap(Duration.ZERO, Duration.ZERO, Double.NaN, 0);

    String text() {
        return String.join(
                System.lineSeparator(),
                "data      %s users, %s venues, %s interactions, %s social edges"
                        .formatted(
                                Tables.number(run.usersTotal()),
                                Tables.number(run.venuesTotal()),
                                Tables.number(run.interactionsTotal()),
                                Tables.number(run.edgesTotal())),
                "",
                runTable(),
                "",
                bookkeeping,
                "",
                "checksum %s; storage %s, %.0f bytes a user; resident peak %s"
                        .formatted(
                                RunText.checksum(run),
                                Tables.bytes(run.storageBytes()),
                                (double) run.storageBytes() / users(),
                                Tables.bytes(residentPeakBytes)),
                "",
                floorTable(),
                "",
                String.format(
                        Locale.ROOT,
                        "run / floor = %.2f s / %.2f s = %.2f",
                        seconds(runWall()),
                        seconds(wall(part -> true)),
                        seconds(runWall()) / seconds(wall(part -> true))));
    }

    private String runTable() {
        List<List<String>> rows = new ArrayList<>();
        // The run's own clock knows phases that were over before they were seen.
        run.timings().forEach((phase, seconds) -> {
            ProcessMeter.Lap lap = laps.getOrDefault(phase, UNSEEN);
            rows.add(lapRow(
                    phase.name().toLowerCase(Locale.ROOT),
                    new ProcessMeter.Lap(
                            Duration.ofNanos(Math.round(seconds * 1e9)),
                            lap.processCpu(),
                            lap.coresBusy(),
                            lap.peakHeapBytes()),
                    phase));
        });
        Duration cpu = laps.values().stream().map(ProcessMeter.Lap::processCpu).reduce(Duration.ZERO, Duration::plus);
        double busy = laps.values().stream()
                        .mapToDouble(lap -> lap.coresBusy() * seconds(lap.wall()))
                        .filter(Double::isFinite)
                        .sum()
                / seconds(runWall());
        long heap = laps.values().stream()
                .mapToLong(ProcessMeter.Lap::peakHeapBytes)
                .max()
                .orElse(0);
        rows.add(lapRow("run " + run.id(), new ProcessMeter.Lap(runWall(), cpu, busy, heap), RunPhase.DONE));
        return Tables.table(
                List.of("phase", ">wall", ">JVM CPU", ">cores busy", ">rows in and out", ">bytes", ">peak heap"), rows);
    }

    private List<String> lapRow(String name, ProcessMeter.Lap lap, RunPhase phase) {
        // What the run read and wrote it read and wrote by COPY, so the floor's streams have its rows and bytes.
        Predicate<Part> moved =
                switch (phase) {
                    case SNAPSHOT ->
                        part -> part.kind() == Kind.COPY_OUT
                                || (part.kind() == Kind.COPY_IN && STAGED.contains(part.what()));
                    case SCORING -> part -> part.kind() == Kind.COPY_IN && !STAGED.contains(part.what());
                    case VERIFICATION, PUBLICATION -> part -> false;
                    // The whole run.
                    case DONE -> part -> part.kind() == Kind.COPY_OUT || part.kind() == Kind.COPY_IN;
                };
        return List.of(
                name,
                time(lap.wall()),
                lap.processCpu().isZero() ? "-" : time(lap.processCpu()),
                Double.isNaN(lap.coresBusy()) ? "-" : String.format(Locale.ROOT, "%.2f", lap.coresBusy()),
                count(sum(moved, Part::rows)),
                Tables.bytes(sum(moved, Part::bytes)),
                Tables.bytes(lap.peakHeapBytes()));
    }

    private String floorTable() {
        List<List<String>> rows = new ArrayList<>();
        for (Kind kind : Kind.values()) {
            floor.stream().filter(part -> part.kind() == kind).forEach(part -> rows.add(row(name(kind, part), part)));
        }
        rows.add(List.of(
                "floor, one after another",
                time(wall(part -> true)),
                "-",
                Tables.bytes(sum(part -> true, Part::bytes))));
        return Tables.table(List.of("floor", ">wall", ">rows", ">bytes"), rows);
    }

    private static String name(Kind kind, Part part) {
        return switch (kind) {
            case COPY_OUT -> "copy out " + part.what();
            case COMPUTE -> part.what();
            case COPY_IN -> "copy in " + part.what();
            case KEY -> "key of " + part.what();
        };
    }

    private static List<String> row(String name, Part part) {
        return List.of(name, time(part.wall()), count(part.rows()), Tables.bytes(part.bytes()));
    }

    private Duration runWall() {
        return wall(laps);
    }

    /** How long the phases took together. */
    static Duration wall(Map<RunPhase, ProcessMeter.Lap> laps) {
        return laps.values().stream().map(ProcessMeter.Lap::wall).reduce(Duration.ZERO, Duration::plus);
    }

    private Duration wall(Predicate<Part> which) {
        return floor.stream().filter(which).map(Part::wall).reduce(Duration.ZERO, Duration::plus);
    }

    private long sum(Predicate<Part> which, ToLongFunction<Part> what) {
        return floor.stream().filter(which).mapToLong(what).sum();
    }

    private long users() {
        Long users = run.usersTotal();
        return users == null ? 0 : users;
    }

    private static String count(long rows) {
        return rows == 0 ? "-" : Tables.number(rows);
    }

    private static String time(Duration duration) {
        return String.format(Locale.ROOT, "%.2f s", seconds(duration));
    }

    private static double seconds(Duration duration) {
        return duration.toNanos() / 1e9;
    }
}
