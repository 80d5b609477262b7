package dev.luna.batch.cli;

import dev.luna.batch.sample.BenchmarkData;
import java.io.PrintWriter;
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

/** {@code luna bench data}. */
@Command(
        name = "data",
        description = {
            "Makes users, venues, interactions and social edges in an empty database.",
            "The same for the same size: cities of 500 venues, people around them, few venues popular with many."
        },
        exitCodeList = {"0:made", "1:failed", "2:usage was wrong", "3:refused; nothing was changed"})
final class BenchDataCommand implements Callable<Integer> {

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Option(
            names = "--size",
            required = true,
            paramLabel = "S|M|L|XL",
            description = {
                "S: 10,000 users, 4,000 venues, 200,000 interactions, 100,000 social edges.",
                "M: 100,000 users, 20,000 venues, 2,000,000 interactions, 1,000,000 social edges.",
                "L: 1,000,000 users, 100,000 venues, 20,000,000 interactions, 10,000,000 social edges.",
                "XL: as L, with 10,000,000 users."
            })
    private BenchmarkData.Size size = BenchmarkData.Size.S;

    @Option(
            names = "--replace",
            description = "Delete the users and venues that are there, and all that refers to them, rankings too.")
    private boolean replace;

    @Override
    public Integer call() throws SQLException {
        try (ConfigurableApplicationContext context = BatchContext.start()) {
            BenchmarkData data = new BenchmarkData(context.getBean(DataSource.class));
            Optional<String> refusal = data.refusal(replace);
            if (refusal.isPresent()) {
                spec.commandLine().getErr().println("luna: " + refusal.get());
                return ExitCode.REFUSED;
            }
            long start = System.nanoTime();
            data.load(size);
            PrintWriter out = spec.commandLine().getOut();
            out.printf(
                    "%s is loaded, in %s%n",
                    size.description(), Tables.duration(Duration.ofNanos(System.nanoTime() - start)));
            out.flush();
            return ExitCode.OK;
        }
    }
}
