package dev.luna.batch.database;

import java.sql.SQLException;
import java.sql.SQLNonTransientConnectionException;
import java.sql.SQLRecoverableException;
import java.sql.SQLTransientConnectionException;
import java.util.Set;

/** Tells failures of the connection to the database from failures of the work done over it. */
public final class Disconnection {

    /** What the connection pool says, without an error code, when a connection that broke is used again. */
    private static final String POOL_SAYS = "Connection is closed";

    /**
     * Said to who froze in a transaction that others waited for; to who comes back while all sessions are taken; and by a
     * standby that took the primary's place and is not promoted yet.
     */
    private static final Set<String> OTHER_STATES = Set.of("25P03", "53300", UnusableDatabase.READ_ONLY);

    private Disconnection() {}

    /**
     * Whether a failure goes back to a connection that was lost or not to be had: broken, ended by an administrator, the
     * server going down or starting, no session left for the moment, or one that only reads.
     */
    public static boolean isCauseOf(Throwable failure) {
        return Causes.of(failure).anyMatch(cause -> cause instanceof SQLException sql && isDisconnection(sql));
    }

    private static boolean isDisconnection(SQLException failure) {
        String state = failure.getSQLState();
        if (state != null) {
            // Class 08 is connection exceptions; 57P01 to 57P03 are shutdown, crash and start-up of the server.
            return state.startsWith("08") || state.startsWith("57P") || OTHER_STATES.contains(state);
        }
        return failure instanceof SQLTransientConnectionException
                || failure instanceof SQLNonTransientConnectionException
                || failure instanceof SQLRecoverableException
                || POOL_SAYS.equals(failure.getMessage());
    }
}
