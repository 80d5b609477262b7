package dev.luna.batch.job;

import dev.luna.batch.database.Causes;
import dev.luna.batch.snapshot.StopRequest;
import dev.luna.batch.snapshot.StoppedException;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.HashSet;
import java.util.Set;
import java.util.function.BooleanSupplier;
import org.postgresql.PGConnection;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Whether somebody asked a step's run to stop. The step's threads ask it; {@link StopSignals} polls on its own. */
final class StopSignal implements StopRequest {

    private static final Logger log = LoggerFactory.getLogger(StopSignal.class);

    /** PostgreSQL's error code for a statement that was cancelled. */
    private static final String CANCELLED = "57014";

    private final BooleanSupplier asked;
    private volatile boolean stopped;
    private final Set<PGConnection> covered = new HashSet<>();

    StopSignal(BooleanSupplier asked) {
        this.asked = asked;
    }

    /** What was last found out; costs nothing. */
    @Override
    public boolean getAsBoolean() {
        return stopped;
    }

    /** Looks, and cancels what the step is waiting for; again each time, since another statement may have begun. */
    void poll() {
        // Asking takes a connection, for which a step that ends its cover must not wait.
        stopped = stopped || asked.getAsBoolean();
        if (stopped) {
            cancelCovered();
        }
    }

    private synchronized void cancelCovered() {
        try {
            for (PGConnection connection : covered) {
                connection.cancelQuery();
            }
        } catch (SQLException e) {
            log.debug("could not cancel what is under way; trying again", e);
        }
    }

    @Override
    public Cover cover(Connection connection) throws SQLException {
        PGConnection reached = connection.unwrap(PGConnection.class);
        synchronized (this) {
            covered.add(reached);
        }
        return () -> {
            synchronized (this) {
                covered.remove(reached);
            }
        };
    }

    /** Whether the failure is this signal's doing. */
    boolean isReasonFor(Throwable failure) {
        return stopped
                && Causes.of(failure)
                        .anyMatch(cause -> cause instanceof StoppedException
                                || cause instanceof SQLException sql && CANCELLED.equals(sql.getSQLState()));
    }
}
