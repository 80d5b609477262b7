package dev.luna.batch.run;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReadWriteLock;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import java.util.function.Supplier;

/**
 * Whether this process takes runs. Closing waits for a run that is just being taken, but not for ever: who takes one looks
 * again before he works on it. Thread-safe.
 */
final class Intake {

    /** How long closing waits; a claim takes milliseconds while the database answers. */
    private static final Duration PATIENCE = Duration.ofSeconds(2);

    private final ReadWriteLock taking = new ReentrantReadWriteLock();
    private volatile boolean open = true;

    boolean isOpen() {
        return open;
    }

    void open() {
        open = true;
    }

    /** @throws ShuttingDownException if this process is shutting down */
    void refuseIfClosed() {
        if (!open) {
            throw new ShuttingDownException();
        }
    }

    /**
     * Takes a run.
     *
     * @param run claims a run and begins it; empty if there is none
     * @throws ShuttingDownException if this process is shutting down
     */
    Optional<Claim> take(Supplier<Optional<Claim>> run) {
        taking.readLock().lock();
        try {
            refuseIfClosed();
            return run.get();
        } finally {
            taking.readLock().unlock();
        }
    }

    /** Takes no more from here on. */
    void close() throws InterruptedException {
        open = false;
        if (taking.writeLock().tryLock(PATIENCE.toMillis(), TimeUnit.MILLISECONDS)) {
            taking.writeLock().unlock();
        }
    }
}
