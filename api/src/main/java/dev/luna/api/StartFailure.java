package dev.luna.api;

import dev.luna.api.ListenAddress.UnusableAddressException;
import dev.luna.api.demo.DemoFailedException;
import dev.luna.batch.InvalidSettings;
import dev.luna.batch.database.Causes;
import dev.luna.batch.database.DatabaseStartException;
import dev.luna.batch.database.UnusableDatabase;
import java.util.Optional;
import org.springframework.boot.web.server.PortInUseException;
import org.springframework.boot.web.server.WebServerException;
import picocli.CommandLine;
import picocli.CommandLine.IExecutionExceptionHandler;
import picocli.CommandLine.ParseResult;

/** Says on standard error why the server did not start: one sentence for what is foreseen, a stack trace otherwise. */
final class StartFailure implements IExecutionExceptionHandler {

    private static final String NO_TEMPORARY_DIRECTORY = "Unable to create tempDir";

    @Override
    public int handleExecutionException(Exception failure, CommandLine command, ParseResult arguments) {
        Optional<String> settings = InvalidSettings.describe(failure);
        if (settings.isPresent()) {
            command.getErr().println("luna: " + settings.get());
            return command.getCommandSpec().exitCodeOnInvalidInput();
        }
        Optional<String> foreseen = Causes.of(failure)
                .flatMap(cause -> foreseen(cause).stream())
                .findFirst()
                .or(() -> UnusableDatabase.describe(failure));
        command.getErr().println("luna: " + foreseen.orElse("unexpected failure"));
        if (foreseen.isEmpty()) {
            failure.printStackTrace(command.getErr());
        }
        return command.getCommandSpec().exitCodeOnExecutionException();
    }

    private static Optional<String> foreseen(Throwable cause) {
        if (cause instanceof PortInUseException taken) {
            return Optional.of("port %d is in use; stop what listens there, or set SERVER_PORT to another"
                    .formatted(taken.getPort()));
        }
        if (cause instanceof WebServerException
                && String.valueOf(cause.getMessage()).startsWith(NO_TEMPORARY_DIRECTORY)) {
            return Optional.of("cannot make a directory in " + System.getProperty("java.io.tmpdir")
                    + "; set -Djava.io.tmpdir to a directory that can be written, as in LUNA_JAVA_OPTS");
        }
        boolean saysWhy = cause instanceof DatabaseStartException
                || cause instanceof UnusableAddressException
                || cause instanceof DemoFailedException;
        return saysWhy ? Optional.ofNullable(cause.getMessage()) : Optional.empty();
    }
}
