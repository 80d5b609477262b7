package dev.luna.batch.cli;

import dev.luna.batch.InvalidSettings;
import dev.luna.batch.run.RunKind;
import dev.luna.batch.run.Runs;
import dev.luna.batch.run.ScoringSettings;
import dev.luna.batch.run.StartedRun;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import org.springframework.context.ConfigurableApplicationContext;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code luna recompute}: one run in the foreground. */
@Command(
        name = "recompute",
        description = {
            "Computes everyone's rankings from the data as it is now and publishes them.",
            "With --refresh, only of those whose rankings may have changed since the published full run.",
            "%nIf the process of an earlier run died, that run is resumed instead, from its last committed chunk;",
            "if --refresh, --profile or --hold ask for a different one, nothing is done.",
            "Ctrl-C stops the run; finished chunks are kept, and `luna runs restart ID` resumes it."
        },
        exitCodeList = {
            "  0:published; or, with --hold, complete and past the gate",
            "  1:failed; the reason is shown, and `luna runs restart ID` resumes it",
            "  2:usage was wrong",
            "  3:refused or held: another run is under way, there is nothing to rank, or the gate said no",
            "130:stopped, by Ctrl-C or from elsewhere; `luna runs restart ID` resumes it",
            ExitCode.TERMINATED_LINE
        })
final class RecomputeCommand implements Callable<Integer> {

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Option(
            names = "--refresh",
            description = "Rank anew only users whose rankings may have changed since the published full run.")
    private boolean refresh;

    @Option(
            names = "--profile",
            paramLabel = "SETTING=VALUE",
            description = {
                "Rank by this value in place of the configured luna.scoring.SETTING, for example decay-per-km=0.2;",
                "may be repeated. Recorded with the run, and kept by the refreshes after it."
            })
    private List<String> profile = List.of();

    @Option(
            names = "--hold",
            description = {
                "A trial: do not publish the run, but hold it when it is complete. Look at it with `luna runs diff ID`",
                "and `luna export --rankings FILE --run ID`; `luna runs publish ID` publishes it."
            })
    private boolean hold;

    @Override
    public Integer call() throws InterruptedException {
        try {
            return recompute(ProfileOption.read(profile));
        } catch (IllegalArgumentException e) {
            throw new ParameterException(
                    spec.commandLine(), "--profile: " + InvalidSettings.inKebabCase(String.valueOf(e.getMessage())), e);
        }
    }

    private int recompute(@Nullable ScoringSettings scoring) throws InterruptedException {
        try (ConfigurableApplicationContext context = BatchContext.start()) {
            Runs runs = context.getBean(Runs.class);
            RunInForeground foreground = new RunInForeground(context, spec.commandLine());
            StartedRun started = foreground.begin(
                    () -> runs.start(refresh ? RunKind.REFRESH : null, scoring, hold, RunInForeground.requestedBy()));
            if (started.resumed()) {
                spec.commandLine().getErr().println(started.resumption());
            }
            int exitCode = foreground.finish(started.run().id());
            // Who asked for no trial has nothing published by one that was left behind.
            return exitCode == ExitCode.OK && started.run().hold() && !hold ? ExitCode.REFUSED : exitCode;
        }
    }
}
