package dev.luna.batch.cli;

import dev.luna.batch.transfer.CsvImport;
import dev.luna.batch.transfer.TransferSummary;
import java.nio.file.Path;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.springframework.context.ConfigurableApplicationContext;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code luna import DIR}. */
@Command(
        name = "import",
        description = {
            "Loads users, venues, interactions and social_edges from CSV files (.csv or .csv.gz), all or nothing.",
            "Rows with an id that exists are updated; interactions without an id are new ones each time. Files that are"
                    + " absent are skipped."
        })
final class ImportCommand implements Callable<Integer> {

    @Parameters(paramLabel = "DIR", description = "directory with the files")
    private Path directory = Path.of("");

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Override
    public Integer call() {
        try (ConfigurableApplicationContext context = BatchContext.startTransfer()) {
            TransferSummary summary;
            try (ProgressDisplay progress = ProgressDisplay.onStandardError()) {
                summary = context.getBean(CsvImport.class).importFrom(directory, progress::show);
            }
            for (TransferSummary.FileSummary file : summary.files()) {
                spec.commandLine()
                        .getOut()
                        .printf(
                                Locale.ROOT,
                                "%-22s %,12d rows, %,d inserted or changed%n",
                                file.file(),
                                file.rows(),
                                file.changed());
            }
            return ExitCode.OK;
        }
    }
}
