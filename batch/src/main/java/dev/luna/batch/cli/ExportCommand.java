package dev.luna.batch.cli;

import dev.luna.batch.transfer.CsvExport;
import dev.luna.batch.transfer.TransferSummary;
import java.nio.file.Path;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.springframework.context.ConfigurableApplicationContext;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code luna export DIR}. */
@Command(
        name = "export",
        description = "Writes users, venues, interactions and social_edges as the CSV files that import reads.")
final class ExportCommand implements Callable<Integer> {

    @Parameters(paramLabel = "DIR", description = "directory for the files, made when missing")
    private Path directory = Path.of("");

    @Option(names = "--gzip", description = "write .csv.gz instead of .csv")
    private boolean gzip;

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Override
    public Integer call() {
        try (ConfigurableApplicationContext context = BatchContext.start()) {
            TransferSummary summary;
            try (ProgressDisplay progress = ProgressDisplay.onStandardError()) {
                summary = context.getBean(CsvExport.class).exportTo(directory, gzip, progress::show);
            }
            for (TransferSummary.FileSummary file : summary.files()) {
                spec.commandLine().getOut().printf(Locale.ROOT, "%-22s %,12d rows%n", file.file(), file.rows());
            }
            return ExitCode.OK;
        }
    }
}
