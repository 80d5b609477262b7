package dev.luna.batch.cli;

import com.zaxxer.hikari.HikariDataSource;
import dev.luna.batch.reads.ClosedLoop;
import dev.luna.batch.reads.Filters;
import dev.luna.batch.reads.Load;
import dev.luna.batch.reads.ReadServer;
import dev.luna.batch.reads.Readers;
import dev.luna.batch.reads.StoredRankings;
import dev.luna.batch.run.Run;
import dev.luna.batch.run.RunKind;
import dev.luna.batch.run.Runs;
import dev.luna.batch.sample.BenchmarkData;
import dev.luna.batch.snapshot.StagedInputsReader;
import java.io.IOException;
import java.io.PrintWriter;
import java.net.URI;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.core.env.Environment;
import org.springframework.jdbc.core.simple.JdbcClient;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code luna bench reads}: what clients of a running server get, beside what the database gives for the same row. */
@Command(
        name = "reads",
        description = {
            "Measures reads of a running server beside the database's own limit for the same row.",
            "Clients ask, wait and ask again, about users drawn at random whose answer is stored. The limit is a prepared",
            "select of the user's packed row by its key, through the same driver and a pool of the same size, decoded.",
            "An empty database is filled first and a run is made; client, server and database share this machine's cores."
        },
        exitCodeList = {"0:measured", "1:failed, or an answer was not the expected one", "2:usage was wrong"})
final class BenchReadsCommand implements Callable<Integer> {

    private static final int[] CLIENTS = {1, 8, 32};
    private static final int ROUNDS = 3;
    private static final int BASELINE_EVERY = 16;
    private static final Duration FILTER_WINDOW = Duration.ofMillis(400);

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Option(
            names = "--url",
            paramLabel = "URL",
            description = "A server that runs already on this database; otherwise one is started.")
    private @Nullable URI url;

    @Option(
            names = "--size",
            paramLabel = "S|M|L",
            description = "What to fill an empty database with, as in `bench data`. Default: ${DEFAULT-VALUE}.")
    private BenchmarkData.Size size = BenchmarkData.Size.M;

    @Option(
            names = "--users",
            paramLabel = "N",
            description = "How many users are asked about. Default: ${DEFAULT-VALUE}.")
    private int users = 5_000;

    @Option(
            names = "--seconds",
            paramLabel = "N",
            description =
                    "Length of each of the " + ROUNDS + " windows a row is measured in. Default: ${DEFAULT-VALUE}.")
    private int seconds = 3;

    @Option(
            names = "--warm-up",
            paramLabel = "N",
            description = "Seconds of the same load before anything counts, as much for the compiler of the server"
                    + " as for that of this process. Default: ${DEFAULT-VALUE}.")
    private int warmUp = 40;

    @Option(names = "--without-filters", description = "Leave the filters out.")
    private boolean withoutFilters;

    @Override
    public Integer call() throws InterruptedException, SQLException, IOException, ExecutionException {
        OptionRange.check(spec, "--users", users, 1);
        OptionRange.check(spec, "--seconds", seconds, 1);
        OptionRange.check(spec, "--warm-up", warmUp, 0);
        try (ConfigurableApplicationContext context = BatchContext.start()) {
            DataSource dataSource = context.getBean(DataSource.class);
            prepare(context, dataSource);
            StoredRankings rows = StoredRankings.draw(dataSource, context.getBean(StagedInputsReader.class), users);
            try (ReadServer server = server(context.getEnvironment())) {
                Readers readers = Readers.of(server.url(), rows.users());
                ReadsReport report = new ReadsReport(readers.users().size(), poolSize(dataSource));
                warmUp(rows, readers);
                measure(report, rows, readers);
                JdbcClient jdbc = JdbcClient.create(dataSource);
                PrintWriter out = spec.commandLine().getOut();
                out.print(Machine.lines(jdbc));
                out.println(report.reads(jdbc));
                out.flush();
                if (!withoutFilters) {
                    measureFilters(report, readers, Filters.of(jdbc));
                    out.println(report.filters());
                    out.flush();
                }
            }
            return ExitCode.OK;
        }
    }

    private void prepare(ConfigurableApplicationContext context, DataSource dataSource)
            throws SQLException, InterruptedException {
        JdbcClient jdbc = JdbcClient.create(dataSource);
        boolean isEmpty = jdbc.sql("select not exists (select from users)")
                .query(Boolean.class)
                .single();
        if (isEmpty) {
            progress("making " + size.description());
            new BenchmarkData(dataSource).load(size);
        }
        Runs runs = context.getBean(Runs.class);
        if (runs.published().isEmpty()) {
            progress("making a run");
            Run run = runs.await(
                    runs.start(RunKind.FULL, RunInForeground.requestedBy()).id(), progress -> {});
            if (!run.published()) {
                throw new IllegalStateException("run %d: %s".formatted(run.id(), run.sentence()));
            }
        }
    }

    private ReadServer server(Environment environment) throws IOException, InterruptedException {
        if (url != null) {
            return ReadServer.running(url);
        }
        String jar = System.getProperty("luna.server");
        if (jar == null) {
            throw new IllegalStateException("which server? Start this by scripts/luna, or name one with --url");
        }
        progress("starting the server");
        Path log = Path.of(environment.getRequiredProperty("luna.home"), "bench-server.log");
        return ReadServer.start(Path.of(jar), log);
    }

    /** Two clients leave the compilers some of the cores. */
    private void warmUp(StoredRankings rows, Readers readers) throws InterruptedException, ExecutionException {
        progress("warm-up");
        for (ReadsReport.Kind kind : ReadsReport.Kind.values()) {
            Duration window = Duration.ofSeconds(warmUp).dividedBy(ReadsReport.Kind.values().length);
            ClosedLoop.run(2, window, readers.users().size(), 0, askers(kind, rows, readers));
        }
    }

    private static ClosedLoop.Askers askers(ReadsReport.Kind kind, StoredRankings rows, Readers readers) {
        return switch (kind) {
            case ROW -> () -> rows.asker(readers.users());
            case FULL -> readers::full;
            case CONDITIONAL -> readers::conditional;
        };
    }

    /** Rounds of all kinds in turn, so that what else the machine does meets them alike; the first is to warm up. */
    private void measure(ReadsReport report, StoredRankings rows, Readers readers)
            throws InterruptedException, ExecutionException {
        Duration window = Duration.ofSeconds(seconds);
        List<ReadsReport.Kind> kinds = List.of(ReadsReport.Kind.values());
        for (int clients : CLIENTS) {
            Load[] total = new Load[kinds.size()];
            for (int round = 0; round <= ROUNDS; round++) {
                progress("%d clients, %s".formatted(clients, round == 0 ? "warm-up" : "round " + round));
                for (int kind = 0; kind < total.length; kind++) {
                    ClosedLoop.Askers askers = askers(kinds.get(kind), rows, readers);
                    Load load = ClosedLoop.run(clients, window, readers.users().size(), round, askers);
                    if (round > 0) {
                        total[kind] = round == 1 ? load : total[kind].plus(load);
                    }
                }
            }
            for (int kind = 0; kind < total.length; kind++) {
                report.add(kinds.get(kind), total[kind]);
            }
        }
    }

    private void measureFilters(ReadsReport report, Readers readers, List<Filters.Combination> combinations)
            throws InterruptedException, ExecutionException {
        for (int round = 0; round <= ROUNDS; round++) {
            progress("filters, " + (round == 0 ? "warm-up" : "round " + round));
            for (int i = 0; i < combinations.size(); i++) {
                Filters.Combination combination = combinations.get(i);
                if (i % BASELINE_EVERY == 0) {
                    Load plain = one(readers, round, readers::full);
                    if (round > 0) {
                        report.addPlain(plain);
                    }
                }
                Load filtered = one(readers, round, () -> readers.filtered(combination.query()));
                if (round > 0) {
                    report.addFiltered(combination.name(), filtered);
                }
            }
        }
    }

    private static Load one(Readers readers, long seed, ClosedLoop.Askers askers)
            throws InterruptedException, ExecutionException {
        return ClosedLoop.run(1, FILTER_WINDOW, readers.users().size(), seed, askers);
    }

    private static int poolSize(DataSource dataSource) throws SQLException {
        return dataSource.unwrap(HikariDataSource.class).getMaximumPoolSize();
    }

    private void progress(String what) {
        PrintWriter err = spec.commandLine().getErr();
        err.println(what);
        err.flush();
    }
}
