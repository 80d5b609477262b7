package dev.luna.batch.cli;

import dev.luna.batch.transfer.CsvExport;
import dev.luna.batch.transfer.ImportBenchmark;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.concurrent.Callable;
import javax.sql.DataSource;
import org.flywaydb.core.Flyway;
import org.springframework.boot.jdbc.autoconfigure.JdbcConnectionDetails;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.util.FileSystemUtils;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code luna bench import}: import of the benchmark data beside plain COPY. */
@Command(
        name = "import",
        description = {
            "Exports the benchmark data as CSV, and loads it by plain COPY and as `luna import` does.",
            "Each into an empty database, whose tables have all their constraints, and which is dropped again."
        },
        exitCodeList = {"0:measured", "1:failed", "2:usage was wrong"})
final class BenchImportCommand implements Callable<Integer> {

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Override
    public Integer call() throws IOException, SQLException {
        Path directory = Files.createTempDirectory("luna-bench-import-");
        try (ConfigurableApplicationContext context = BatchContext.start()) {
            PrintWriter out = spec.commandLine().getOut();
            out.print(Machine.lines(context.getBean(JdbcClient.class)));
            context.getBean(CsvExport.class).exportTo(directory, false, (phase, done, total) -> {});
            JdbcConnectionDetails details = context.getBean(JdbcConnectionDetails.class);
            ImportBenchmark benchmark = new ImportBenchmark(
                    context.getBean(DataSource.class),
                    details.getJdbcUrl(),
                    Objects.requireNonNull(details.getUsername(), "user name"),
                    Objects.requireNonNull(details.getPassword(), "password"),
                    context.getBean(Flyway.class).getConfiguration());
            ImportBenchmark.Load copy = benchmark.copy(directory);
            ImportBenchmark.Load imported = benchmark.importFrom(directory);
            if (!copy.rows().equals(imported.rows())) {
                throw new IllegalStateException(
                        "COPY loaded %s rows, the import %s".formatted(copy.rows(), imported.rows()));
            }
            List<List<String>> rows = new ArrayList<>();
            rows.add(row("plain COPY", copy));
            rows.add(row("luna import", imported));
            out.println();
            out.println(Tables.table(List.of("way", ">wall", ">rows", ">rows a second"), rows));
            out.println();
            out.printf(
                    Locale.ROOT,
                    "rate of the import / rate of COPY = %.2f%n",
                    seconds(copy.wall()) / seconds(imported.wall()));
            out.flush();
            return ExitCode.OK;
        } finally {
            FileSystemUtils.deleteRecursively(directory);
        }
    }

    private static List<String> row(String way, ImportBenchmark.Load load) {
        return List.of(
                way,
                Tables.duration(load.wall()),
                Tables.number(load.total()),
                Tables.number(Math.round(load.total() / seconds(load.wall()))));
    }

    private static double seconds(Duration duration) {
        return duration.toNanos() / 1e9;
    }
}
