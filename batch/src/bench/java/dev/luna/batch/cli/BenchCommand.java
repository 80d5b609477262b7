package dev.luna.batch.cli;

import dev.luna.batch.LunaVersion;
import java.util.Locale;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.ScopeType;

/** {@code luna bench NAME}: finds the benchmark and runs it. */
@Command(
        name = "luna bench",
        description = "Makes benchmark data and measures on it.",
        scope = ScopeType.INHERIT,
        mixinStandardHelpOptions = true,
        versionProvider = LunaVersion.class,
        sortOptions = false,
        subcommands = {
            BenchDataCommand.class,
            BenchRecomputeCommand.class,
            BenchRefreshCommand.class,
            BenchKernelsCommand.class,
            BenchScaleCommand.class,
            BenchImportCommand.class,
            BenchReadsCommand.class,
            DrillCommand.class
        })
public final class BenchCommand {

    private BenchCommand() {}

    /** Runs one benchmark and ends the JVM, also when threads of the application are still alive. */
    public static void main(String[] args) {
        Locale.setDefault(Locale.ROOT); // as LunaCommand does
        CommandLine commandLine = new CommandLine(new BenchCommand())
                .setExpandAtFiles(false)
                .setCaseInsensitiveEnumValuesAllowed(true)
                .setExecutionExceptionHandler(new CommandFailure());
        System.exit(commandLine.execute(args));
    }
}
