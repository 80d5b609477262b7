package dev.luna.batch.cli;

import dev.luna.batch.run.RunDiff;
import dev.luna.batch.run.RunDiffs;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import org.springframework.context.ConfigurableApplicationContext;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code luna runs diff}: what a run changed. */
@Command(
        name = "diff",
        description = "Compares the ranked venues of a run with another's: how many users changed, who most, and why.",
        exitCodeList = {
            "  0:compared",
            "  1:failed",
            "  2:usage was wrong, or there is no such run",
            "  3:refused or held: one of the runs has no complete rankings, or there is none to compare with",
            "130:stopped, by Ctrl-C",
            ExitCode.TERMINATED_LINE
        })
final class RunsDiffCommand implements Callable<Integer> {

    private static final int MOST_MOVERS = 1000;

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Parameters(paramLabel = "ID", description = "The run.")
    private long id;

    @Option(
            names = "--against",
            paramLabel = "ID",
            description =
                    "The run to compare with. Default: the one that readers saw before this run was last published, or the"
                            + " full run behind that refresh if its rankings are dropped; if this run was never"
                            + " published, the published one.")
    private @Nullable Long against;

    @Option(
            names = "--movers",
            paramLabel = "N",
            description = "How many users to list one by one, 0 to " + MOST_MOVERS + " (default ${DEFAULT-VALUE}).")
    private int movers = 10;

    @Option(names = "--json", description = "A JSON object for scripts instead of text.")
    private boolean json;

    @Override
    public Integer call() {
        OptionRange.check(spec, "--movers", movers, 0, MOST_MOVERS);
        if (against != null) {
            OptionRange.check(spec, "--against", against, 1);
        }
        try (ConfigurableApplicationContext context = BatchContext.start()) {
            RunDiff diff = context.getBean(RunDiffs.class).compare(id, against, movers);
            spec.commandLine().getOut().println(json ? RunJson.diff(diff) : DiffText.of(diff));
            return ExitCode.OK;
        }
    }
}
