package dev.luna.batch.cli;

import dev.luna.batch.drill.DrillHome;
import dev.luna.batch.drill.FaultDrill;
import dev.luna.batch.sample.BenchmarkData;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Callable;
import javax.sql.DataSource;
import org.springframework.context.ConfigurableApplicationContext;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code luna drill}: kills, freezes and cuts off real processes and shows that runs come back by themselves. */
@Command(
        name = "drill",
        description = {
            "Kills, freezes and cuts off real processes, one fault after another, while a reader checks every answer.",
            "Prints a table and writes it to drill.txt in LUNA_HOME. Takes 5 to 15 minutes. Makes its own data on an"
                    + " embedded database of its own, and begins by removing what an interrupted drill left there."
        },
        exitCodeList = {
            "0:every run came back as it must, and no answer was wrong",
            "1:something was not as it must be; the table says what",
            "2:usage was wrong",
            "3:refused; nothing was changed"
        })
final class DrillCommand implements Callable<Integer> {

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Option(
            names = "--server-jar",
            defaultValue = "${sys:luna.server}",
            paramLabel = "JAR",
            description = "The program of `luna serve`.")
    private Path serverJar = Path.of("");

    @Option(
            names = "--batch-jar",
            defaultValue = "${sys:luna.commands}",
            paramLabel = "JAR",
            description = "The program of `luna recompute`.")
    private Path batchJar = Path.of("");

    @Option(
            names = "--only",
            defaultValue = "",
            paramLabel = "TEXT",
            description = "Only the faults whose name or place contains it, for example `retention`.")
    private String only = "";

    @Option(
            names = "--draws",
            defaultValue = "5",
            paramLabel = "N",
            description = "How often the faults that depend on chance strike (default: ${DEFAULT-VALUE}).")
    private int draws = 5;

    @Override
    public Integer call() throws SQLException, IOException, InterruptedException {
        OptionRange.check(spec, "--draws", draws, 0);
        PrintWriter out = spec.commandLine().getOut();
        if (System.getenv("SPRING_DATASOURCE_URL") != null) {
            spec.commandLine()
                    .getErr()
                    .println("luna: the drill cuts off and restarts its database, so it uses an embedded one only;"
                            + " unset SPRING_DATASOURCE_URL");
            return ExitCode.REFUSED;
        }
        Path home =
                Path.of(System.getenv().getOrDefault("LUNA_HOME", "var/drill")).toAbsolutePath();
        try (DrillHome own = new DrillHome(home)) {
            Optional<String> refusal = own.prepare();
            if (refusal.isEmpty()) {
                refusal = load();
            }
            if (refusal.isPresent()) {
                spec.commandLine().getErr().println("luna: " + refusal.get());
                return ExitCode.REFUSED;
            }
            return drill(home, out);
        }
    }

    private int drill(Path home, PrintWriter out) throws SQLException, IOException, InterruptedException {
        long start = System.nanoTime();
        FaultDrill.Outcome outcome = FaultDrill.run(
                home,
                serverJar.toAbsolutePath(),
                batchJar.toAbsolutePath(),
                new FaultDrill.Choice(only, draws),
                row -> {
                    out.println(String.join(" | ", row.columns()));
                    out.flush();
                });
        String table = Tables.table(
                        FaultDrill.Row.HEADER,
                        outcome.faults().stream().map(FaultDrill.Row::columns).toList())
                + System.lineSeparator()
                + outcome.reader()
                + System.lineSeparator()
                + "%d faults in %s: %s"
                        .formatted(
                                outcome.faults().size(),
                                Tables.duration(Duration.ofNanos(System.nanoTime() - start)),
                                outcome.ok() ? "everything came back" : "NOT everything came back");
        Files.writeString(home.resolve("drill.txt"), table + System.lineSeparator());
        out.println();
        out.println(table);
        out.flush();
        return outcome.ok() ? ExitCode.OK : ExitCode.FAILED;
    }

    /** The data; this process leaves the database again, so that the drill's own processes start it. */
    private static Optional<String> load() throws SQLException {
        try (ConfigurableApplicationContext context = BatchContext.start()) {
            BenchmarkData data = new BenchmarkData(context.getBean(DataSource.class));
            Optional<String> refusal = data.refusal(true);
            if (refusal.isEmpty()) {
                data.load(BenchmarkData.Size.S);
            }
            return refusal;
        }
    }
}
