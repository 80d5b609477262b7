package dev.luna.batch.cli;

import dev.luna.batch.LunaVersion;
import java.nio.file.Path;
import java.util.Locale;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;
import picocli.CommandLine.RunLast;
import picocli.CommandLine.ScopeType;
import picocli.CommandLine.TypeConversionException;

/** {@code luna VERB}: finds the verb, runs it and turns its outcome into an exit code. */
@Command(
        name = "luna",
        description = "Where to go, with whom: imports a city, recomputes everyone's rankings, shows the runs.",
        scope = ScopeType.INHERIT,
        mixinStandardHelpOptions = true,
        versionProvider = LunaVersion.class,
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
                // An argument is what it says, not the content of a file whose name follows an @.
                .setExpandAtFiles(false)
                .setCaseInsensitiveEnumValuesAllowed(true)
                .registerConverter(Path.class, LunaCommand::path)
                .registerConverter(int.class, text -> OptionRange.read(text, Integer::valueOf, Integer.MAX_VALUE))
                .registerConverter(long.class, text -> OptionRange.read(text, Long::valueOf, Long.MAX_VALUE))
                .registerConverter(Long.class, text -> OptionRange.read(text, Long::valueOf, Long.MAX_VALUE))
                .setExecutionStrategy(LunaCommand::execute)
                .setExecutionExceptionHandler(new CommandFailure());
    }

    /** An empty path would be the current directory, which a variable that is not set does not mean. */
    private static Path path(String text) {
        if (text.isEmpty()) {
            throw new TypeConversionException("the path is empty; expected the name of a file or directory");
        }
        return Path.of(text);
    }

    /** Only the last verb is executed, so an option of the one before would be dropped in silence. */
    private static int execute(ParseResult parsed) {
        Integer help = CommandLine.executeHelpRequest(parsed);
        if (help != null) {
            return help;
        }
        for (ParseResult at = parsed; at.hasSubcommand(); at = at.subcommand()) {
            if (!at.matchedOptions().isEmpty()) {
                CommandLine verb = at.subcommand().commandSpec().commandLine();
                throw new ParameterException(
                        verb,
                        "%1$s before '%2$s' would do nothing; options of '%2$s' go after it"
                                .formatted(at.matchedOptions().get(0).longestName(), verb.getCommandName()));
            }
        }
        return new RunLast().execute(parsed);
    }
}
