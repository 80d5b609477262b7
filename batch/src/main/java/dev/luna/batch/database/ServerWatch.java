package dev.luna.batch.database;

import java.io.IOException;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Looks every second, on a daemon thread, whether servers are there and lets them be started again. Thread-safe. */
final class ServerWatch {

    private static final Logger LOG = LoggerFactory.getLogger(ServerWatch.class);

    private static final long INTERVAL_MILLIS = 1000;

    private final Revival revival;
    private @Nullable ScheduledExecutorService timer;

    /** Said already; touched by the timer's thread only. */
    private @Nullable String complaint;

    /** @param revival what to do at every look */
    ServerWatch(Revival revival) {
        this.revival = revival;
    }

    /** Begins to look; once begun, it goes on for the life of the JVM. */
    synchronized void start() {
        if (timer == null) {
            timer = Executors.newSingleThreadScheduledExecutor(ServerWatch::thread);
            timer.scheduleWithFixedDelay(this::look, INTERVAL_MILLIS, INTERVAL_MILLIS, TimeUnit.MILLISECONDS);
        }
    }

    /** It outlives the application that came first, and so must not have that one's class loader. */
    static Thread thread(Runnable task) {
        Thread thread = new Thread(task, "luna-postgres-watch");
        thread.setDaemon(true);
        thread.setContextClassLoader(ServerWatch.class.getClassLoader());
        return thread;
    }

    void look() {
        try {
            revival.reviveServers();
            complaint = null;
        } catch (IOException | RuntimeException e) {
            // A killed server's own processes may still hold its memory; the next look tries again.
            complain(e, null);
        } catch (Error e) {
            // There may be no thread to be had for the moment; thrown on, it would be the last look.
            complain(e, e);
        }
    }

    private void complain(Throwable failure, @Nullable Throwable trace) {
        String said = failure.toString();
        // What a process at its end breaks off is not tried again.
        if (!said.equals(complaint) && !ProcessEnd.isUnderWay()) {
            LOG.atWarn()
                    .setCause(trace)
                    .log("PostgreSQL could not be started again; it is tried every second: {}", failure.getMessage());
            complaint = said;
        }
    }

    /** Starts what is gone. */
    @FunctionalInterface
    interface Revival {
        void reviveServers() throws IOException;
    }
}
