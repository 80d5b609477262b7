package dev.luna.batch.snapshot;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.function.BooleanSupplier;

/**
 * Whether somebody asked a piece of work to stop. The work asks now and then, and says which connections it waits on, so
 * that a stop reaches it in the middle of a statement, such as one that waits for somebody else's lock. Thread-safe.
 */
@FunctionalInterface
public interface StopRequest extends BooleanSupplier {

    /**
     * Ends the work if somebody did.
     *
     * @param doing what is being done, such as "reading the snapshot"
     * @throws StoppedException if somebody asked it to stop
     */
    default void endIfAsked(String doing) {
        if (getAsBoolean()) {
            throw new StoppedException(doing);
        }
    }

    /**
     * From now until the answer is closed, a stop cancels what the connection is doing. Close it before the connection goes
     * to somebody else. A request that cannot cancel does nothing here.
     */
    default Cover cover(Connection connection) throws SQLException {
        return () -> {};
    }

    /** Keeps one connection within a request's reach. */
    @FunctionalInterface
    interface Cover extends AutoCloseable {

        @Override
        void close();
    }
}
