package dev.luna.batch.cli;

import dev.luna.batch.scoring.VenueRankerBenchmark;
import java.util.Arrays;
import java.util.concurrent.Callable;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.ChainedOptionsBuilder;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code luna bench kernels}: the JMH benchmarks of the scoring package. */
@Command(
        name = "kernels",
        description = {
            "Times scoring and packing per user, without a database.",
            "Each benchmark checks its results against brute force before it is timed."
        },
        exitCodeList = {"0:measured", "1:failed, or a result was wrong", "2:usage was wrong"})
final class BenchKernelsCommand implements Callable<Integer> {

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Parameters(
            arity = "0..1",
            paramLabel = "PATTERN",
            defaultValue = "",
            description = "Only benchmarks whose name contains this regular expression.")
    private String pattern = "";

    @Option(
            names = "--venues",
            split = ",",
            paramLabel = "N",
            description = "Numbers of venues, a multiple of 500 each; there are five users to a venue. Default: 20000.")
    private int[] venues = {};

    @Override
    public Integer call() throws RunnerException {
        VenueNumbers.check(spec, venues);
        String scoring = VenueRankerBenchmark.class.getPackageName().replace(".", "\\.");
        ChainedOptionsBuilder options =
                new OptionsBuilder().include(scoring + "\\..*" + pattern).shouldFailOnError(true);
        if (venues.length > 0) {
            options.param(
                    "venues", Arrays.stream(venues).mapToObj(Integer::toString).toArray(String[]::new));
        }
        new Runner(options.build()).run();
        return ExitCode.OK;
    }
}
