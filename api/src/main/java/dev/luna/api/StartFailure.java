package dev.luna.api;

import dev.luna.api.ListenAddress.UnusableAddressException;
import dev.luna.batch.InvalidSettings;
import dev.luna.batch.database.DatabaseStartException;
import dev.luna.batch.database.UnusableDatabase;
import java.util.Optional;
import org.springframework.boot.web.server.PortInUseException;
import picocli.CommandLine;
import picocli.CommandLine.IExecutionExceptionHandler;
import picocli.CommandLine.ParseResult;

/** Says on standard error why the server did not start: one sentence for what is foreseen, a stack trace otherwise. */
final class StartFailure implements IExecutionExceptionHandler {

    @Override
    public int handleExecutionException(Exception failure, CommandLine command, ParseResult arguments) {
        Optional<String> settings = InvalidSettings.describe(failure);
        if (settings.isPresent()) {
            command.getErr().println("luna: " + settings.get());
            return command.getCommandSpec().exitCodeOnInvalidInput();
        }
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof PortInUseException taken) {
                command.getErr()
                        .printf(
                                "luna: port %d is in use; stop what listens there, or set SERVER_PORT to another%n",
                                taken.getPort());
                return command.getCommandSpec().exitCodeOnExecutionException();
            }
            if (cause instanceof DatabaseStartException
                    || cause instanceof UnusableAddressException
                    || cause instanceof IllegalStateException && cause == failure) {
                command.getErr().println("luna: " + cause.getMessage());
                return command.getCommandSpec().exitCodeOnExecutionException();
            }
        }
        Optional<String> database = UnusableDatabase.describe(failure);
        if (database.isPresent()) {
            command.getErr().println("luna: " + database.get());
            return command.getCommandSpec().exitCodeOnExecutionException();
        }
        command.getErr().println("luna: unexpected failure");
        failure.printStackTrace(command.getErr());
        return command.getCommandSpec().exitCodeOnExecutionException();
    }
}
