package dev.luna.batch.cli;

import dev.luna.batch.InvalidSettings;
import dev.luna.batch.database.Causes;
import dev.luna.batch.database.DatabaseStartException;
import dev.luna.batch.database.ProcessEnd;
import dev.luna.batch.database.UnusableDatabase;
import dev.luna.batch.run.RunNotFoundException;
import dev.luna.batch.run.RunRefusedException;
import dev.luna.batch.snapshot.SnapshotRefusedException;
import dev.luna.batch.transfer.TransferRefusedException;
import java.util.Optional;
import picocli.CommandLine;
import picocli.CommandLine.IExecutionExceptionHandler;
import picocli.CommandLine.ParseResult;

/** Says on standard error why a command failed: one sentence for what is foreseen, a stack trace for what is not. */
final class CommandFailure implements IExecutionExceptionHandler {

    @Override
    public int handleExecutionException(Exception failure, CommandLine command, ParseResult arguments) {
        if (ProcessEnd.isUnderWay()) {
            command.getErr().println("luna: interrupted");
            return ExitCode.FAILED;
        }
        Optional<String> settings = InvalidSettings.describe(failure);
        if (settings.isPresent()) {
            command.getErr().println("luna: " + settings.get());
            return ExitCode.BAD_INPUT;
        }
        Optional<Throwable> foreseen = foreseen(failure);
        Optional<String> database = UnusableDatabase.describe(failure);
        if (foreseen.isPresent()) {
            command.getErr().println("luna: " + foreseen.get().getMessage());
        } else if (database.isPresent()) {
            command.getErr().println("luna: " + database.get());
        } else {
            command.getErr().println("luna: unexpected failure");
            failure.printStackTrace(command.getErr());
        }
        return foreseen.map(CommandFailure::exitCode).orElse(ExitCode.FAILED);
    }

    /** Spring wraps what happens while it starts. */
    private static Optional<Throwable> foreseen(Throwable failure) {
        return Causes.of(failure)
                .filter(cause -> cause instanceof DatabaseStartException
                        || cause instanceof TransferRefusedException
                        || cause instanceof RunRefusedException
                        || cause instanceof RunNotFoundException
                        || cause instanceof SnapshotRefusedException)
                .findFirst();
    }

    private static int exitCode(Throwable foreseen) {
        if (foreseen instanceof TransferRefusedException refused) {
            return switch (refused.kind()) {
                case INPUT -> ExitCode.BAD_INPUT;
                case STATE -> ExitCode.REFUSED;
                case DISK, CONNECTION -> ExitCode.FAILED;
            };
        } else if (foreseen instanceof RunRefusedException) {
            return ExitCode.REFUSED;
        } else if (foreseen instanceof RunNotFoundException) {
            return ExitCode.BAD_INPUT;
        }
        return ExitCode.FAILED;
    }
}
