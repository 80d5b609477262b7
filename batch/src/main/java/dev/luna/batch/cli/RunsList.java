package dev.luna.batch.cli;

import dev.luna.batch.run.Run;
import dev.luna.batch.run.RunFilter;
import dev.luna.batch.run.RunKind;
import dev.luna.batch.run.RunState;
import dev.luna.batch.run.Runs;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;

/** Which runs {@code luna runs} and {@code luna runs list} show, and how. */
final class RunsList {

    private static final int MOST_RUNS = 1000;

    @Option(
            names = "--limit",
            paramLabel = "N",
            description = "How many at most, 1 to " + MOST_RUNS + " (default ${DEFAULT-VALUE}).")
    private int limit = 20;

    @Option(names = "--json", description = "A JSON array for scripts instead of a table.")
    private boolean json;

    @Option(
            names = "--state",
            paramLabel = "STATE",
            split = ",",
            description = "Only those in this state: ${COMPLETION-CANDIDATES}. May be repeated.")
    private Set<RunState> states = Set.of();

    @Option(names = "--kind", paramLabel = "KIND", description = "Only those of this kind: ${COMPLETION-CANDIDATES}.")
    private @Nullable RunKind kind;

    @Option(names = "--before", paramLabel = "ID", description = "Only those older than this run.")
    private @Nullable Long before;

    /** @throws ParameterException if a number is out of its range */
    void check(CommandSpec spec) {
        OptionRange.check(spec, "--limit", limit, 1, MOST_RUNS);
        if (before != null) {
            OptionRange.check(spec, "--before", before, 1);
        }
    }

    String answer(Runs runs) {
        RunFilter filter = new RunFilter(states, kind);
        List<Run> list = runs.list(filter, before, limit);
        return json
                ? RunJson.array(list)
                : RunText.list(list, before == null && filter.equals(RunFilter.ALL))
                        + System.lineSeparator()
                        + RunText.storage(runs.storage());
    }
}
