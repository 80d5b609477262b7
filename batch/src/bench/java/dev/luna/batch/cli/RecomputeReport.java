package dev.luna.batch.cli;

import dev.luna.batch.job.RecomputeFloor;
import dev.luna.batch.job.RecomputeFloor.Kind;
import dev.luna.batch.job.RecomputeFloor.Part;
import dev.luna.batch.run.Run;
import dev.luna.batch.run.RunPhase;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import java.util.function.ToLongFunction;
import java.util.stream.IntStream;

/**
 * Full runs of one process beside their floor, as text: the first run and the median of the others phase by phase, the time
 * of each beside the floor.
 *
 * @param runs the runs in order, at least one, all of the same inputs
 * @param floor the parts of the floor
 */
record RecomputeReport(List<MeasuredRun> runs, List<RecomputeFloor.Part> floor) {

    private static final Set<String> STAGED = Set.of("run_venue", "run_input");

    private static final ProcessMeter.Lap UNSEEN = new ProcessMeter.Lap(Duration.ZERO, Duration.ZERO, Double.NaN, 0, 0);

    RecomputeReport {
        runs = List.copyOf(runs);
        floor = List.copyOf(floor);
    }

    String text() {
        Run any = runs.get(0).run();
        List<String> blocks = new ArrayList<>();
        blocks.add("data      %s users, %s venues, %s interactions, %s social edges"
                .formatted(
                        Tables.number(any.counts().users()),
                        Tables.number(any.counts().venues()),
                        Tables.number(any.counts().interactions()),
                        Tables.number(any.counts().edges())));
        for (int i : runs.size() == 1 ? List.of(0) : List.of(0, median())) {
            blocks.add(title(i) + System.lineSeparator() + runTable(runs.get(i)));
            blocks.add(runs.get(i).bookkeeping());
            blocks.add(outcome(runs.get(i).run()));
        }
        blocks.add(floorTable());
        List<String> ratios = new ArrayList<>();
        for (int i = 0; i < runs.size(); i++) {
            ratios.add(ratio(i));
        }
        blocks.add(String.join(System.lineSeparator(), ratios));
        return String.join(System.lineSeparator().repeat(2), blocks);
    }

    /** The first run meets a JVM that has compiled nothing yet; the others are as those of a server that runs for days. */
    private String title(int index) {
        if (index == 0) {
            return "first run of its process";
        }
        String title = "run %d of the same process".formatted(index + 1);
        return runs.size() > 2 && index == median()
                ? title + ", the median of runs 2 to %d".formatted(runs.size())
                : title;
    }

    /** The run of median time among those after the first; of two in the middle the slower one. */
    private int median() {
        List<Integer> byTime = IntStream.range(1, runs.size())
                .boxed()
                .sorted(Comparator.comparing(i -> runs.get(i).wall()))
                .toList();
        return byTime.get(byTime.size() / 2);
    }

    private static String outcome(Run run) {
        Long users = run.counts().users();
        return "checksum %s; storage %s, %.0f bytes a user"
                .formatted(
                        RunText.checksum(run),
                        Tables.bytes(run.storageBytes()),
                        (double) run.storageBytes() / (users == null ? 0 : users));
    }

    private String ratio(int index) {
        double run = seconds(runs.get(index).wall());
        double least = seconds(wall(part -> true));
        return String.format(
                Locale.ROOT, "run / floor = %.2f s / %.2f s = %.2f, %s", run, least, run / least, title(index));
    }

    private String runTable(MeasuredRun measured) {
        Run run = measured.run();
        Map<RunPhase, ProcessMeter.Lap> laps = measured.laps();
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
                            lap.peakHeapBytes(),
                            lap.peakResidentBytes()),
                    phase));
        });
        Duration cpu = laps.values().stream().map(ProcessMeter.Lap::processCpu).reduce(Duration.ZERO, Duration::plus);
        double busy = laps.values().stream()
                        .mapToDouble(lap -> lap.coresBusy() * seconds(lap.wall()))
                        .filter(Double::isFinite)
                        .sum()
                / seconds(measured.wall());
        rows.add(lapRow(
                "run " + run.id(),
                new ProcessMeter.Lap(
                        measured.wall(),
                        cpu,
                        busy,
                        max(laps, ProcessMeter.Lap::peakHeapBytes),
                        max(laps, ProcessMeter.Lap::peakResidentBytes)),
                RunPhase.DONE));
        return Tables.table(
                List.of(
                        "phase",
                        ">wall",
                        ">JVM CPU",
                        ">cores busy",
                        ">rows in and out",
                        ">bytes",
                        ">peak heap",
                        ">peak resident"),
                rows);
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
                Tables.bytes(lap.peakHeapBytes()),
                Tables.bytes(lap.peakResidentBytes()));
    }

    private static long max(Map<RunPhase, ProcessMeter.Lap> laps, ToLongFunction<ProcessMeter.Lap> what) {
        return laps.values().stream().mapToLong(what).max().orElse(0);
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

    private Duration wall(Predicate<Part> which) {
        return floor.stream().filter(which).map(Part::wall).reduce(Duration.ZERO, Duration::plus);
    }

    private long sum(Predicate<Part> which, ToLongFunction<Part> what) {
        return floor.stream().filter(which).mapToLong(what).sum();
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
