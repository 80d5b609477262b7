package dev.luna.batch.cli;

import dev.luna.batch.database.ProcessEnd;
import java.util.List;
import org.springframework.boot.logging.LogLevel;
import org.springframework.boot.logging.LoggingSystem;

/**
 * Ctrl-C or SIGTERM in the middle of a command. The application closes beside the command's thread then, which meets
 * connections that are gone; that is how its transaction ends, and no failure to tell of. The JVM decides the exit code.
 */
final class Interruption {

    /** They warn of connections that break. */
    private static final List<String> LOGGERS = List.of("com.zaxxer.hikari", "org.springframework.transaction.support");

    private Interruption() {}

    /** To be called when the application begins to close. */
    static void silenceIfUnderWay() {
        if (ProcessEnd.isUnderWay()) {
            LoggingSystem logging = LoggingSystem.get(Interruption.class.getClassLoader());
            LOGGERS.forEach(logger -> logging.setLogLevel(logger, LogLevel.OFF));
        }
    }
}
