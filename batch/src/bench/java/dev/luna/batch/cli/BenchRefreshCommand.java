package dev.luna.batch.cli;

import dev.luna.batch.run.Run;
import dev.luna.batch.run.RunKind;
import dev.luna.batch.run.RunPhase;
import dev.luna.batch.run.RunState;
import dev.luna.batch.run.Runs;
import dev.luna.batch.sample.BenchmarkEdits;
import java.io.PrintWriter;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.jdbc.core.simple.JdbcClient;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code luna bench refresh}: refreshes after more and more users changed, beside the full run they are relative to. */
@Command(
        name = "refresh",
        description = {
            "Makes a full run, lets more and more users have one more like, and makes a refresh after each.",
            "All in one process, as a server's runs are: the first full run and the first refresh, which warm it up,",
            "are not counted. The likes are taken back at the end."
        },
        exitCodeList = {"0:measured", "1:a run failed", "2:usage was wrong", "3:a run was refused or held"})
final class BenchRefreshCommand implements Callable<Integer> {

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Option(
            names = "--changed",
            split = ",",
            paramLabel = "PERCENT",
            defaultValue = "0.05,0.1,1,10",
            description = "Shares of all users who change, each beyond the one before (default: ${DEFAULT-VALUE}).")
    private List<Double> changed = List.of();

    @Override
    public Integer call() throws InterruptedException {
        double before = 0;
        for (double percent : changed) {
            if (!(percent > before && percent <= 100)) {
                throw new ParameterException(
                        spec.commandLine(),
                        "Invalid value for option '--changed': %s; expected more than %s and at most 100"
                                .formatted(percent, before));
            }
            before = percent;
        }
        try (ConfigurableApplicationContext context = BatchContext.start()) {
            JdbcClient jdbc = context.getBean(JdbcClient.class);
            Runs runs = context.getBean(Runs.class);
            BenchmarkEdits edits = new BenchmarkEdits(jdbc);
            edits.undo();
            try {
                return measure(jdbc, runs, edits);
            } finally {
                edits.undo();
            }
        }
    }

    private int measure(JdbcClient jdbc, Runs runs, BenchmarkEdits edits) throws InterruptedException {
        List<List<String>> rows = new ArrayList<>();
        run(runs, RunKind.FULL);
        Measured full = run(runs, RunKind.FULL);
        if (full.run.state() != RunState.COMPLETED) {
            return failed(full.run);
        }
        rows.add(row("-", full, full));
        run(runs, RunKind.REFRESH);
        for (double percent : changed) {
            long users = edits.apply(percent / 100);
            Measured refresh = run(runs, RunKind.REFRESH);
            if (refresh.run.state() != RunState.COMPLETED) {
                return failed(refresh.run);
            }
            rows.add(row(Tables.number(users), refresh, full));
        }
        PrintWriter out = spec.commandLine().getOut();
        out.print(Machine.lines(jdbc));
        out.printf(
                "data      %s users, %s venues, %s interactions, %s social edges%n%n",
                Tables.number(full.run.counts().users()),
                Tables.number(full.run.counts().venues()),
                Tables.number(full.run.counts().interactions()),
                Tables.number(full.run.counts().edges()));
        out.println(Tables.table(
                List.of(
                        "run",
                        ">users changed",
                        ">ranked anew",
                        ">snapshot",
                        ">scoring",
                        ">verification",
                        ">publication",
                        ">wall",
                        ">of the full run"),
                rows));
        out.flush();
        return ExitCode.OK;
    }

    private static Measured run(Runs runs, RunKind kind) throws InterruptedException {
        long began = System.nanoTime();
        long id = runs.start(kind, RunInForeground.requestedBy()).id();
        Run run = runs.await(id, seen -> {});
        return new Measured(run, Duration.ofNanos(System.nanoTime() - began));
    }

    private int failed(Run run) {
        spec.commandLine().getErr().println(RunText.summary(run));
        return RunInForeground.exitCode(run);
    }

    private static List<String> row(String changed, Measured measured, Measured full) {
        Run run = measured.run;
        return List.of(
                run.kind().name().toLowerCase(Locale.ROOT),
                changed,
                Tables.number(run.progress().usersDone()),
                phase(run, RunPhase.SNAPSHOT),
                phase(run, RunPhase.SCORING),
                phase(run, RunPhase.VERIFICATION),
                phase(run, RunPhase.PUBLICATION),
                seconds(measured.wall.toNanos() / 1e9),
                String.format(Locale.ROOT, "%.0f %%", 100.0 * measured.wall.toNanos() / full.wall.toNanos()));
    }

    private static String phase(Run run, RunPhase phase) {
        return seconds(run.timings().getOrDefault(phase, 0.0));
    }

    private static String seconds(double seconds) {
        return String.format(Locale.ROOT, "%.2f s", seconds);
    }

    /** A run and how long it took from being asked for to being over, retention included. */
    private record Measured(Run run, Duration wall) {}
}
