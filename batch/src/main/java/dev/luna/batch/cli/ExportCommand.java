package dev.luna.batch.cli;

import dev.luna.batch.transfer.CsvExport;
import dev.luna.batch.transfer.RankingsExport;
import dev.luna.batch.transfer.TransferSummary;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Objects;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import org.springframework.context.ConfigurableApplicationContext;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code luna export DIR}, {@code luna export --rankings FILE}. */
@Command(
        name = "export",
        description = {
            "Writes users, venues, interactions and social_edges as the CSV files that import reads.",
            "With --rankings, writes everyone's ranked venues as the published run has them, or the one of --run."
        })
final class ExportCommand implements Callable<Integer> {

    @Parameters(arity = "0..1", paramLabel = "DIR", description = "directory for the files, made when missing")
    private @Nullable Path directory;

    @Option(names = "--gzip", description = "write .csv.gz instead of .csv")
    private boolean gzip;

    @Option(
            names = "--rankings",
            paramLabel = "FILE",
            description =
                    "write rankings to this file: a row per venue (.csv), a line per user (.jsonl), also with .gz")
    private @Nullable Path rankings;

    @Option(names = "--run", paramLabel = "ID", description = "rankings of this kept run, whether published or held")
    private @Nullable Long run;

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Override
    public Integer call() {
        Path toDirectory = directory;
        Path toFile = rankings;
        if ((toDirectory == null) == (toFile == null)) {
            throw new ParameterException(spec.commandLine(), "Say where to: DIR for the inputs, or --rankings FILE");
        }
        if (toFile != null && gzip) {
            throw new ParameterException(spec.commandLine(), "--gzip goes with DIR; name the file " + toFile + ".gz");
        }
        if (run != null) {
            OptionRange.check(spec, "--run", run, 1);
            if (toDirectory != null) {
                throw new ParameterException(spec.commandLine(), "--run goes with --rankings FILE");
            }
        }
        try (ConfigurableApplicationContext context = BatchContext.startTransfer()) {
            String summary = toFile == null
                    ? inputs(context.getBean(CsvExport.class), Objects.requireNonNull(toDirectory))
                    : rankings(context.getBean(RankingsExport.class), toFile, run);
            spec.commandLine().getOut().printf("%s", summary);
            return ExitCode.OK;
        }
    }

    private String inputs(CsvExport export, Path to) {
        StringBuilder text = new StringBuilder();
        try (ProgressDisplay progress = ProgressDisplay.onStandardError()) {
            for (TransferSummary.FileSummary file :
                    export.exportTo(to, gzip, progress::show).files()) {
                text.append(String.format(Locale.ROOT, "%-22s %,12d rows%n", file.file(), file.rows()));
            }
        }
        return text.toString();
    }

    private static String rankings(RankingsExport export, Path to, @Nullable Long run) {
        RankingsExport.Summary summary;
        try (ProgressDisplay progress = ProgressDisplay.onStandardError()) {
            summary = export.exportTo(to, run, progress::show);
        }
        return String.format(
                Locale.ROOT,
                "%s: run %d of %s, %,d users, %,d ranked venues%n",
                to.getFileName(),
                summary.runId(),
                Tables.time(summary.snapshotAt()),
                summary.users(),
                summary.venues());
    }
}
