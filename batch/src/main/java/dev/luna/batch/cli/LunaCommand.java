package dev.luna.batch.cli;

import java.util.Locale;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.IVersionProvider;
import picocli.CommandLine.ScopeType;

/** {@code luna VERB}: finds the verb, runs it and turns its outcome into an exit code. */
@Command(
        name = "luna",
        description = "Where to go, with whom: imports a city, recomputes everyone's rankings, shows the runs.",
        scope = ScopeType.INHERIT,
        mixinStandardHelpOptions = true,
        versionProvider = LunaCommand.Version.class,
        sortOptions = false,
        subcommands = {
            ImportCommand.class,
            ExportCommand.class,
            SampleCommand.class,
            RecomputeCommand.class,
            RunsCommand.class
        },
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {
            "  0:done",
            "  1:failed; the reason is on standard error",
            "  2:usage or input was wrong; nothing was changed",
            "  3:refused or held, for example because another run is active",
            "130:stopped, as by Ctrl-C",
            ExitCode.TERMINATED_LINE
        },
        footerHeading = "%nEnvironment:%n",
        footer = {
            "  LUNA_HOME               directory of the embedded PostgreSQL (default ./var)",
            "  SPRING_DATASOURCE_URL   JDBC URL of a PostgreSQL of your own, with",
            "  SPRING_DATASOURCE_USERNAME and SPRING_DATASOURCE_PASSWORD"
        })
public final class LunaCommand {

    private LunaCommand() {}

    /** Runs one command and ends the JVM, also when threads of the application are still alive. */
    public static void main(String[] args) {
        // What is said and written does not depend on the host's language, whose digits may be others.
        Locale.setDefault(Locale.ROOT);
        int exitCode = commandLine().execute(args);
        if (System.out.checkError()) {
            System.err.println("luna: standard output could not be written");
            exitCode = exitCode == ExitCode.OK ? ExitCode.FAILED : exitCode;
        }
        System.exit(exitCode);
    }

    static CommandLine commandLine() {
        return new CommandLine(new LunaCommand())
                .setCaseInsensitiveEnumValuesAllowed(true)
                .setExecutionExceptionHandler(new FailureReport());
    }

    /** The version that the build wrote into the jar. */
    static final class Version implements IVersionProvider {

        @Override
        public String[] getVersion() {
            String version = LunaCommand.class.getPackage().getImplementationVersion();
            return new String[] {"luna " + (version == null ? "development" : version)};
        }
    }
}
