package dev.luna.batch.database;

import java.sql.SQLException;
import java.sql.SQLNonTransientConnectionException;
import java.sql.SQLRecoverableException;
import java.sql.SQLTransientConnectionException;
import org.jspecify.annotations.Nullable;

/** Tells failures of the connection to the database from failures of the work done over it. */
public final class Disconnection {

    /** What the connection pool says, without an error code, when a connection that broke is used again. */
    private static final String POOL_SAYS = "Connection is closed";

    private static final int LONGEST_CHAIN = 50;

    private Disconnection() {}

    /**
     * Whether a failure goes back to a connection that was lost or not to be had: broken, ended by an administrator, the
     * server going down or starting, or no session left for the moment.
     */
    public static boolean isCauseOf(Throwable failure) {
        int depth = 0;
        for (@Nullable Throwable at = failure; at != null && depth < LONGEST_CHAIN; at = at.getCause(), depth++) {
            if (at instanceof SQLException sql && isDisconnection(sql)) {
                return true;
            }
        }
        return false;
    }

    private static boolean isDisconnection(SQLException failure) {
        String state = failure.getSQLState();
        if (state != null) {
            // Class 08 is connection exceptions; 57P01 to 57P03 are shutdown, crash and start-up of the server; 25P03
            // is
            // said to who was frozen in a transaction that others waited for, and 53300 to who comes back while all
            // sessions are taken.
            return state.startsWith("08") || state.startsWith("57P") || state.equals("25P03") || state.equals("53300");
        }
        return failure instanceof SQLTransientConnectionException
                || failure instanceof SQLNonTransientConnectionException
                || failure instanceof SQLRecoverableException
                || POOL_SAYS.equals(failure.getMessage());
    }
}
