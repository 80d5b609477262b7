package dev.luna.batch.cli;

import dev.luna.batch.run.PartitionProgress;
import dev.luna.batch.run.Run;
import dev.luna.batch.run.Runs;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.function.Function;
import org.springframework.context.ConfigurableApplicationContext;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code luna runs}: what runs there are, and what an operator can do to them. Works while a server runs. */
@Command(
        name = "runs",
        description = "Lists runs, newest first; * marks the published one.",
        subcommands = {RunsVerifyCommand.class, RunsDiffCommand.class},
        exitCodeList = {
            "  0:done; a trial is held, as asked",
            "  1:failed",
            "  2:usage was wrong, or there is no such run",
            "  3:refused or held: the run's state does not allow it; the message says what to do",
            "130:the restarted or watched run was stopped, or Ctrl-C ended the watching",
            ExitCode.TERMINATED_LINE
        })
final class RunsCommand implements Callable<Integer> {

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Mixin
    private RunsList list = new RunsList();

    @Override
    public Integer call() {
        return list(list);
    }

    @Command(name = "list", description = "Lists runs, as `luna runs` does.")
    Integer list(@Mixin RunsList which) {
        which.check(spec);
        return with(spec, which::answer);
    }

    @Command(name = "show", description = "Everything about one run: state, progress, timings, gate, what to do next.")
    Integer show(
            @Parameters(paramLabel = "ID", description = "The run.") long id,
            @Option(names = "--json", description = "A JSON object for scripts instead of text.") boolean asJson) {
        return with(spec, runs -> {
            Run run = runs.get(id);
            List<PartitionProgress> partitions = runs.partitions(id);
            return asJson ? RunJson.object(run, partitions) : RunText.details(run) + RunText.unfinished(partitions);
        });
    }

    @Command(
            name = "watch",
            description = {
                "Shows the progress of a run, in whatever process it is, until it ends; exits as `luna recompute` would.",
                "When the run's process dies, it says so and waits until another one takes the run over.",
                "Ctrl-C ends the watching, not the run."
            })
    Integer watch(
            @Parameters(paramLabel = "ID", description = "The run.") long id,
            @Option(names = "--json", description = "A JSON object per line at every change.") boolean asJson)
            throws InterruptedException {
        try (ConfigurableApplicationContext context = BatchContext.start()) {
            RunInForeground foreground = new RunInForeground(context, spec.commandLine());
            return foreground.watch(id, asJson);
        }
    }

    @Command(
            name = "stop",
            description = {
                "Asks a run, in whatever process it is, to stop at its next chunk, and returns at once.",
                "Finished chunks are kept; `luna runs restart ID` resumes it."
            })
    Integer stop(
            @Parameters(paramLabel = "ID", description = "The run.") long id,
            @Option(names = "--json", description = "A JSON object for scripts instead of text.") boolean asJson) {
        return with(spec, runs -> {
            Run run = runs.stop(id, RunInForeground.requestedBy());
            if (asJson) {
                return RunJson.object(run);
            }
            return run.owner() == null ? RunText.summary(run) : "Run %d is asked to stop".formatted(id);
        });
    }

    @Command(
            name = "restart",
            description = "Resumes a stopped or failed run from its last committed chunk, in the foreground.")
    Integer restart(
            @Parameters(paramLabel = "ID", description = "The run.") long id,
            @Option(names = "--json", description = "A JSON object per line at every change instead of text.")
                    boolean asJson)
            throws InterruptedException {
        try (ConfigurableApplicationContext context = BatchContext.start()) {
            Runs runs = context.getBean(Runs.class);
            RunInForeground foreground = new RunInForeground(context, spec.commandLine());
            Run run = foreground.begin(() -> runs.restart(id, RunInForeground.requestedBy()));
            return asJson ? foreground.stream(run.id()) : foreground.finish(run.id());
        }
    }

    @Command(
            name = "publish",
            description = {
                "Makes a kept run the one that readers see, at once.",
                "This is also how to go back to an earlier run."
            })
    Integer publish(
            @Parameters(paramLabel = "ID", description = "The run.") long id,
            @Option(names = "--force", description = "Publish although the gate held the run back; this is recorded.")
                    boolean force,
            @Option(names = "--json", description = "A JSON object for scripts instead of text.") boolean asJson) {
        return with(spec, runs -> {
            Run run = runs.publish(id, RunInForeground.requestedBy(), force);
            return asJson ? RunJson.object(run) : RunText.summary(run);
        });
    }

    private static int with(CommandSpec spec, Function<Runs, String> answer) {
        try (ConfigurableApplicationContext context = BatchContext.start()) {
            spec.commandLine().getOut().println(answer.apply(context.getBean(Runs.class)));
            return ExitCode.OK;
        }
    }
}
