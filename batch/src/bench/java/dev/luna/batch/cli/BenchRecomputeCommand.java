package dev.luna.batch.cli;

import dev.luna.batch.job.RecomputeFloor;
import dev.luna.batch.run.Run;
import dev.luna.batch.run.RunKind;
import dev.luna.batch.run.RunLog;
import dev.luna.batch.run.RunPhase;
import dev.luna.batch.run.RunState;
import dev.luna.batch.run.Runs;
import dev.luna.batch.snapshot.StagedInputsReader;
import java.io.IOException;
import java.io.PrintWriter;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import javax.sql.DataSource;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.jdbc.core.simple.JdbcClient;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code luna bench recompute}: full runs as `luna recompute` makes them, beside their floor on the same database. */
@Command(
        name = "recompute",
        description = {
            "Makes full runs one after another in one process, and compares them with their floor on the same database.",
            "The first run is that of `luna recompute`, in a process that just started; the next ones are as the nightly"
                    + " ones of a server. The floor is binary COPY of the inputs, scoring on one thread, and binary COPY"
                    + " of the outputs with their keys, one after another, at the end."
        },
        exitCodeList = {"0:measured", "1:the run failed", "2:usage was wrong", "3:the run was refused or held"})
final class BenchRecomputeCommand implements Callable<Integer> {

    private static final long POLL_MILLIS = 20;

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Option(
            names = "--runs",
            paramLabel = "N",
            defaultValue = "4",
            description = {
                "Runs to make. The first meets a JVM that has yet to compile; of the others the median",
                "is shown. Default: ${DEFAULT-VALUE}."
            })
    private int runs;

    @Override
    public Integer call() throws InterruptedException, SQLException, IOException {
        OptionRange.check(spec, "--runs", runs, 1);
        Bookkeeping books = new Bookkeeping();
        try (ConfigurableApplicationContext context = BatchContext.builder()
                .initializers(starting -> starting.getBeanFactory().addBeanPostProcessor(books))
                .run()) {
            JdbcClient jdbc = context.getBean(JdbcClient.class);
            List<MeasuredRun> measured = new ArrayList<>();
            for (int i = 0; i < runs; i++) {
                measured.add(measuredRun(jdbc, context.getBean(Runs.class), books));
                Run run = measured.get(i).run();
                if (run.state() != RunState.COMPLETED) {
                    spec.commandLine().getErr().println(RunText.summary(run));
                    return RunInForeground.exitCode(run);
                }
            }
            Run last = measured.get(runs - 1).run();
            Long checksum = last.checksum();
            if (checksum == null) {
                throw new IllegalStateException("run %d is complete, but has no checksum".formatted(last.id()));
            }
            List<RecomputeFloor.Part> floor = new RecomputeFloor(
                            context.getBean(DataSource.class),
                            context.getBean(StagedInputsReader.class),
                            context.getBean(RunLog.class))
                    .measure(last.id(), checksum);
            PrintWriter out = spec.commandLine().getOut();
            out.print(Machine.lines(jdbc));
            out.println(new RecomputeReport(measured, floor).text());
            out.flush();
            return ExitCode.OK;
        }
    }

    /** Makes a run and meters each phase; looking at the phase this often, a boundary is that exact. */
    private static MeasuredRun measuredRun(JdbcClient jdbc, Runs runs, Bookkeeping books) throws InterruptedException {
        Map<RunPhase, ProcessMeter.Lap> laps = new EnumMap<>(RunPhase.class);
        books.reset();
        ProcessMeter meter = new ProcessMeter();
        long id = runs.start(RunKind.FULL, RunInForeground.requestedBy()).id();
        RunPhase current = RunPhase.SNAPSHOT;
        Phase seen = phase(jdbc, id);
        while (seen.running()) {
            if (seen.phase() != current) {
                laps.put(current, meter.lap());
                current = seen.phase();
            }
            Thread.sleep(POLL_MILLIS);
            seen = phase(jdbc, id);
        }
        laps.put(current, meter.lap());
        Run run = runs.await(id, progress -> {});
        return new MeasuredRun(run, laps, books.table(MeasuredRun.wall(laps)));
    }

    private static Phase phase(JdbcClient jdbc, long id) {
        return jdbc.sql("select state = 'running' as running, phase from run where id = :id")
                .param("id", id)
                .query((row, n) -> new Phase(
                        row.getBoolean("running"),
                        RunPhase.valueOf(row.getString("phase").toUpperCase(Locale.ROOT))))
                .single();
    }

    private record Phase(boolean running, RunPhase phase) {}
}
