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
import picocli.CommandLine.Spec;

/** {@code luna bench recompute}: one full run as `luna recompute` makes it, beside its floor on the same database. */
@Command(
        name = "recompute",
        description = {
            "Makes a full run and compares it with its floor on the same database.",
            "The run is that of `luna recompute`, in a process that just started. The floor is binary COPY of its inputs,",
            "scoring on one thread, and binary COPY of its outputs with their keys, one after another."
        },
        exitCodeList = {"0:measured", "1:the run failed", "2:usage was wrong", "3:the run was refused or held"})
final class BenchRecomputeCommand implements Callable<Integer> {

    private static final long POLL_MILLIS = 20;

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Override
    public Integer call() throws InterruptedException, SQLException, IOException {
        Bookkeeping books = new Bookkeeping();
        try (ConfigurableApplicationContext context =
                BatchContext.start(starting -> starting.getBeanFactory().addBeanPostProcessor(books))) {
            JdbcClient jdbc = context.getBean(JdbcClient.class);
            Runs runs = context.getBean(Runs.class);
            PrintWriter out = spec.commandLine().getOut();
            Map<RunPhase, ProcessMeter.Lap> laps = new EnumMap<>(RunPhase.class);
            books.reset();
            Run run = measuredRun(jdbc, runs, laps);
            String bookkeeping = books.table(RecomputeReport.wall(laps));
            Long checksum = run.checksum();
            if (run.state() != RunState.COMPLETED || checksum == null) {
                spec.commandLine().getErr().println(RunText.summary(run));
                return RunInForeground.exitCode(run);
            }
            long residentPeak = ProcessMeter.residentPeakBytes().orElse(0);
            List<RecomputeFloor.Part> floor = new RecomputeFloor(
                            context.getBean(DataSource.class),
                            context.getBean(StagedInputsReader.class),
                            context.getBean(RunLog.class))
                    .measure(run.id(), checksum);
            RecomputeReport report = new RecomputeReport(run, laps, bookkeeping, residentPeak, floor);
            for (List<String> row : Machine.rows(jdbc)) {
                out.printf(Locale.ROOT, "%-10s%s%n", row.get(0), row.get(1));
            }
            out.println(report.text());
            out.flush();
            return ExitCode.OK;
        }
    }

    /** Makes a run and fills in what each phase spent; looking at the phase this often, a boundary is that exact. */
    private static Run measuredRun(JdbcClient jdbc, Runs runs, Map<RunPhase, ProcessMeter.Lap> laps)
            throws InterruptedException {
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
        return runs.await(id, run -> {});
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
