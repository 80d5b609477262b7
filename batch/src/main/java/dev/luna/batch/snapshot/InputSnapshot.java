package dev.luna.batch.snapshot;

import dev.luna.batch.database.SqlFailure;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import javax.sql.DataSource;

/**
 * The inputs as of one moment, for any number of connections: read-only transactions of isolation REPEATABLE READ that
 * share one exported snapshot, so that a write which arrives meanwhile is in for everyone or for no one. Writers are not
 * held up, but for a TRUNCATE, which no snapshot keeps out. The connections are its own, apart from the caller's
 * transaction; closing gives them back.
 *
 * <p>Opening connections is for one thread; each connection then belongs to one thread at a time.
 */
final class InputSnapshot implements AutoCloseable {

    /**
     * Keeps the inputs from being emptied, or waits until they have been, and takes no snapshot: one that is older than a
     * TRUNCATE finds neither the rows before it nor those after. Needs no more than the right to read.
     */
    static final String LOCK_INPUTS =
            "lock table users, venues, user_venue_interactions, user_social_edges in access share mode";

    private static final String CONNECTION_FAILURE = "08006";
    private static final int VALID_SECONDS = 5;

    private final DataSource dataSource;
    private final StopRequest stop;
    private final List<CoveredConnection> opened = new ArrayList<>();
    private final Instant moment;
    private final String visible;
    private final String name;

    /** @param stop reaches what the connections wait for */
    InputSnapshot(DataSource dataSource, StopRequest stop) throws SQLException {
        this.dataSource = dataSource;
        this.stop = stop;
        try (Statement statement = begin().createStatement()) {
            statement.execute(LOCK_INPUTS);
            try (ResultSet row = statement.executeQuery(
                    "select statement_timestamp(), pg_current_snapshot()::text, pg_export_snapshot()")) {
                row.next();
                moment = row.getTimestamp(1).toInstant();
                visible = row.getString(2);
                name = row.getString(3);
            }
        } catch (SQLException | RuntimeException e) {
            try (this) {
                throw e;
            }
        }
    }

    /** The moment, on the database's clock. */
    Instant moment() {
        return moment;
    }

    /** The transactions it sees, as PostgreSQL writes a {@code pg_snapshot}. */
    String visible() {
        return visible;
    }

    /** The first connection. */
    Connection connection() {
        return opened.get(0).connection();
    }

    /**
     * The first connection and as many more as make {@code n}; fewer if somebody waits for the inputs to empty them. He
     * waits for the first, and the next would wait for him.
     */
    List<Connection> connections(int n) throws SQLException {
        while (opened.size() < n) {
            try (Statement statement = begin().createStatement()) {
                // A name made by the server, of hexadecimal digits and dashes.
                statement.execute("set transaction snapshot '" + name + "'");
                statement.execute(LOCK_INPUTS + " nowait");
            } catch (SQLException e) {
                if (SqlFailure.isLockTimeout(e)) {
                    opened.remove(opened.size() - 1).close();
                    break;
                }
                if (connection().isValid(VALID_SECONDS)) {
                    throw e;
                }
                // The name means nothing any more, because its transaction went with the connection.
                throw new SQLException("the connection that holds the snapshot was lost", CONNECTION_FAILURE, e);
            }
        }
        return opened.stream().map(CoveredConnection::connection).toList();
    }

    private Connection begin() throws SQLException {
        CoveredConnection covered = CoveredConnection.open(dataSource, stop);
        opened.add(covered);
        Connection connection = covered.connection();
        connection.setAutoCommit(false);
        connection.setReadOnly(true);
        connection.setTransactionIsolation(Connection.TRANSACTION_REPEATABLE_READ);
        return connection;
    }

    @Override
    public void close() throws SQLException {
        SQLException failure = null;
        for (CoveredConnection covered : opened) {
            try {
                covered.close();
            } catch (SQLException e) {
                if (failure == null) {
                    failure = e;
                } else {
                    failure.addSuppressed(e);
                }
            }
        }
        if (failure != null) {
            throw failure;
        }
    }
}
