package dev.luna.api;

import dev.luna.batch.LunaVersion;
import java.util.Locale;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ScopeType;
import picocli.CommandLine.Spec;

/** {@code luna serve} and {@code luna demo}. */
@Command(
        name = "luna",
        description = "Serves rankings, CRUD and runs over HTTP.",
        scope = ScopeType.INHERIT,
        mixinStandardHelpOptions = true,
        versionProvider = LunaVersion.class,
        sortOptions = false,
        subcommands = {ServeCommand.class, DemoCommand.class},
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {
            "  1:failed; the reason is on standard error",
            "  2:usage was wrong",
            "130:stopped by Ctrl-C; a run of this process is stopped first",
            "143:ended by SIGTERM, likewise"
        },
        footerHeading = "%nEnvironment:%n",
        footer = {
            "  SERVER_PORT             port to listen on (default 8080)",
            "  SERVER_ADDRESS          address to listen on (default 127.0.0.1: this machine only)",
            "  LUNA_HOME               directory of the embedded PostgreSQL (default ./var)",
            "  SPRING_DATASOURCE_URL   JDBC URL of a PostgreSQL of your own, with",
            "  SPRING_DATASOURCE_USERNAME and SPRING_DATASOURCE_PASSWORD"
        })
public final class LunaServer implements Runnable {

    @Spec
    @SuppressWarnings("NullAway.Init") // picocli sets it
    private CommandSpec spec;

    private LunaServer() {}

    /** Without a verb: which ones there are. */
    @Override
    public void run() {
        throw new ParameterException(spec.commandLine(), "Say serve or demo");
    }

    /** Starts a server, which then lives until it is stopped; ends the JVM when that fails. */
    public static void main(String[] args) {
        Locale.setDefault(Locale.ROOT); // as LunaCommand does
        int exitCode = commandLine().execute(args);
        if (exitCode != 0) {
            System.exit(exitCode);
        }
    }

    static CommandLine commandLine() {
        return new CommandLine(new LunaServer())
                .setExpandAtFiles(false) // as LunaCommand does
                .setExecutionExceptionHandler(new StartFailure());
    }
}
