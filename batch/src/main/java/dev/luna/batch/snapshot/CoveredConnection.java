package dev.luna.batch.snapshot;

import java.sql.Connection;
import java.sql.SQLException;
import javax.sql.DataSource;

/** A connection of its own within a stop's reach. Closing gives it back and drops what it has not committed. */
record CoveredConnection(Connection connection, StopRequest.Cover cover) implements AutoCloseable {

    static CoveredConnection open(DataSource dataSource, StopRequest stop) throws SQLException {
        Connection connection = dataSource.getConnection();
        try {
            return new CoveredConnection(connection, stop.cover(connection));
        } catch (SQLException | RuntimeException e) {
            try (connection) {
                throw e;
            }
        }
    }

    @Override
    public void close() throws SQLException {
        cover.close();
        try (connection) {
            if (!connection.isClosed() && !connection.getAutoCommit()) {
                connection.rollback();
            }
        }
    }
}
