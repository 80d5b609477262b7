package dev.luna.batch.database;

import java.sql.SQLException;
import org.springframework.dao.DataAccessException;
import org.springframework.jdbc.UncategorizedSQLException;
import org.springframework.jdbc.support.SQLExceptionTranslator;
import org.springframework.jdbc.support.SQLStateSQLExceptionTranslator;

/**
 * Failures of statements of plain JDBC as those of a {@code JdbcClient}. Not of getting a connection: a pool that has none left
 * fails without an SQL state, which {@code DataSourceUtils} makes a failure of the database.
 */
public final class SqlFailure {

    private static final SQLExceptionTranslator TRANSLATOR = new SQLStateSQLExceptionTranslator();

    private static final String LOCK_NOT_AVAILABLE = "55P03";
    private static final String DEADLOCK = "40P01";

    private SqlFailure() {}

    /**
     * The exception to throw.
     *
     * @param task what failed, such as "load the venues of run 3"
     */
    public static DataAccessException of(String task, SQLException cause) {
        DataAccessException translated = TRANSLATOR.translate(task, null, cause);
        return translated != null ? translated : new UncategorizedSQLException(task, null, cause);
    }

    /** Whether a failure, of a statement or translated, goes back to a lock that was not granted in time. */
    public static boolean isLockTimeout(Throwable failure) {
        return isFor(LOCK_NOT_AVAILABLE, failure);
    }

    /**
     * Whether a failure, of a statement or translated, goes back to a deadlock. PostgreSQL ends who looks first, also one who
     * only stands in line between two that wait for each other, as between writers that change venues and empty other tables in
     * crossing order. Done again, it gets through.
     */
    public static boolean isDeadlock(Throwable failure) {
        return isFor(DEADLOCK, failure);
    }

    private static boolean isFor(String state, Throwable failure) {
        return Causes.of(failure)
                .anyMatch(cause -> cause instanceof SQLException sql && state.equals(sql.getSQLState()));
    }
}
