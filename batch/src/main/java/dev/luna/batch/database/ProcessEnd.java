package dev.luna.batch.database;

import java.util.List;
import org.springframework.boot.logging.LogLevel;
import org.springframework.boot.logging.LoggingSystem;

/** Ctrl-C, SIGTERM or an exit: from then on the JVM only runs its hooks, and waits for none of its other threads. */
public final class ProcessEnd {

    /** They warn of connections that break. */
    private static final List<String> LOGGERS = List.of("com.zaxxer.hikari", "org.springframework.transaction.support");

    private ProcessEnd() {}

    /**
     * To be called when the application begins to close. If the process ends, it does so beside threads that are at work, and
     * breaks their connections: that is how their transactions end, and no failure to tell of.
     */
    public static void silenceConnections() {
        if (isUnderWay()) {
            LoggingSystem logging = LoggingSystem.get(ProcessEnd.class.getClassLoader());
            LOGGERS.forEach(logger -> logging.setLogLevel(logger, LogLevel.OFF));
        }
    }

    /** Whether this JVM is ending; it lets nobody add a hook then. */
    public static boolean isUnderWay() {
        Thread hook = new Thread(() -> {});
        try {
            Runtime.getRuntime().addShutdownHook(hook);
            Runtime.getRuntime().removeShutdownHook(hook);
            return false;
        } catch (IllegalStateException ending) {
            return true;
        }
    }
}
