package dev.luna.batch.cli;

import dev.luna.batch.scoring.ScaleBenchmark;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code luna bench scale}: cost per user against the number of venues, as a table and as a plot. */
@Command(
        name = "scale",
        description = {
            "Times scoring per user on one thread while venues grow at equal density, without a database.",
            "The rankings of 32 users are checked against brute force before any is timed."
        },
        exitCodeList = {"0:measured", "1:failed, or a result was wrong", "2:usage was wrong"})
final class BenchScaleCommand implements Callable<Integer> {

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Option(
            names = "--venues",
            split = ",",
            paramLabel = "N",
            defaultValue = "4000,20000,100000,300000,1000000",
            description = "Numbers of venues, multiples of 500. Default: ${DEFAULT-VALUE}.")
    private int[] venues = {};

    @Option(names = "--plot", paramLabel = "FILE", description = "Also write the curve as SVG.")
    private @Nullable Path plot;

    @Override
    public Integer call() throws IOException {
        VenueNumbers.check(spec, venues);
        Path svg = plot;
        if (svg != null && !canBeWritten(svg)) {
            throw new ParameterException(
                    spec.commandLine(),
                    "Invalid value for option '--plot': '%s'; expected a file in a directory that exists"
                            .formatted(svg));
        }
        PrintWriter out = spec.commandLine().getOut();
        out.print(Machine.lines());
        List<ScaleBenchmark.Point> points = new ArrayList<>();
        List<List<String>> rows = new ArrayList<>();
        for (int n : venues) {
            ScaleBenchmark.Point point = ScaleBenchmark.measure(n);
            points.add(point);
            rows.add(List.of(
                    Tables.number((long) point.venues()),
                    Tables.number((long) point.users()),
                    String.format(Locale.ROOT, "%.2f us", point.venueMicros()),
                    String.format(Locale.ROOT, "%.2f us", point.allMicros()),
                    String.format(
                            Locale.ROOT,
                            "%.2f",
                            point.allMicros() / points.get(0).allMicros())));
        }
        out.println();
        out.println(Tables.table(
                List.of(">venues", ">users ranked", ">venues a user", ">all a user", ">ratio to the first"), rows));
        out.flush();
        if (svg != null) {
            Files.writeString(svg, ScalePlot.svg(points));
        }
        return ExitCode.OK;
    }

    /** Asked before minutes of measuring. */
    private static boolean canBeWritten(Path file) {
        Path folder = file.toAbsolutePath().getParent();
        return folder != null && Files.isWritable(folder) && !Files.isDirectory(file);
    }
}
