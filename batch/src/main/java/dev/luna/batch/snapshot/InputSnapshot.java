package dev.luna.batch.snapshot;

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
 * held up. The connections are its own, apart from the caller's transaction; closing gives them back.
 *
 * <p>Opening connections is for one thread; each connection then belongs to one thread at a time.
 */
final class InputSnapshot implements AutoCloseable {

    private static final String CONNECTION_FAILURE = "08006";
    private static final int VALID_SECONDS = 5;

    private final DataSource dataSource;
    private final StopRequest stop;
    private final List<Connection> connections = new ArrayList<>();
    private final List<StopRequest.Cover> covers = new ArrayList<>();
    private final Instant moment;
    private final String visible;
    private final String name;

    private InputSnapshot(DataSource dataSource, StopRequest stop, Connection first, ResultSet row)
            throws SQLException {
        this.dataSource = dataSource;
        this.stop = stop;
        add(first);
        row.next();
        moment = row.getTimestamp(1).toInstant();
        visible = row.getString(2);
        name = row.getString(3);
    }

    /** @param stop reaches what the connections wait for */
    static InputSnapshot open(DataSource dataSource, StopRequest stop) throws SQLException {
        Connection first = begin(dataSource);
        try (Statement statement = first.createStatement();
                ResultSet row = statement.executeQuery(
                        "select transaction_timestamp(), pg_current_snapshot()::text, pg_export_snapshot()")) {
            return new InputSnapshot(dataSource, stop, first, row);
        } catch (SQLException | RuntimeException e) {
            first.close();
            throw e;
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
        return connections.get(0);
    }

    /** The first connection and as many more as make {@code n}. */
    List<Connection> connections(int n) throws SQLException {
        while (connections.size() < n) {
            Connection next = begin(dataSource);
            add(next);
            try (Statement statement = next.createStatement()) {
                // A name made by the server, of hexadecimal digits and dashes.
                statement.execute("set transaction snapshot '" + name + "'");
            } catch (SQLException e) {
                if (connection().isValid(VALID_SECONDS)) {
                    throw e;
                }
                // The name means nothing any more, because its transaction went with the connection.
                throw new SQLException("the connection that holds the snapshot was lost", CONNECTION_FAILURE, e);
            }
        }
        return List.copyOf(connections.subList(0, n));
    }

    private void add(Connection connection) throws SQLException {
        connections.add(connection);
        covers.add(stop.cover(connection));
    }

    private static Connection begin(DataSource dataSource) throws SQLException {
        Connection connection = dataSource.getConnection();
        connection.setAutoCommit(false);
        connection.setReadOnly(true);
        connection.setTransactionIsolation(Connection.TRANSACTION_REPEATABLE_READ);
        return connection;
    }

    @Override
    public void close() throws SQLException {
        covers.forEach(StopRequest.Cover::close);
        SQLException failure = null;
        for (Connection connection : connections) {
            try (connection) {
                if (!connection.isClosed()) {
                    connection.rollback();
                }
            } catch (SQLException e) {
                if (failure == null) {
                    failure = e;
                } else {
                    failure.addSuppressed(e);
                }
            }
        }
        connections.clear();
        if (failure != null) {
            throw failure;
        }
    }
}
