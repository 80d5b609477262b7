package dev.luna.batch.database;

import java.io.IOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import org.postgresql.ds.PGSimpleDataSource;

/** What a process does on the embedded server before it is used. */
final class PostgresSuperuser {

    private final String password;

    PostgresSuperuser(String password) {
        this.password = password;
    }

    /** Makes sure that the server behind the port is the one of our data directory. */
    void requireOwnData(PostgresCluster cluster, PostmasterFile server) throws IOException {
        String sql = "select current_setting('data_directory')";
        try (Connection connection = connect(server.port());
                Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(sql)) {
            row.next();
            Path served = Path.of(row.getString(1)).toRealPath();
            if (!served.equals(cluster.dataDirectory().toRealPath())) {
                throw new DatabaseStartException("the server on port " + server.port() + " serves " + served
                        + ", not " + cluster.dataDirectory() + "; if no PostgreSQL runs on the latter, delete its "
                        + "postmaster.pid");
            }
        } catch (SQLException e) {
            throw new DatabaseStartException(
                    "PostgreSQL (process " + server.pid() + ") runs on " + cluster.dataDirectory()
                            + ", but cannot be used: " + e.getMessage(),
                    e);
        }
    }

    /** Makes the database on the first start, or on a later one if that was interrupted. */
    void createDatabase(int port) {
        try (Connection connection = connect(port);
                Statement statement = connection.createStatement()) {
            try (ResultSet found = statement.executeQuery(
                    "select exists (select from pg_database where datname = '" + PostgresAttachment.DATABASE + "')")) {
                found.next();
                if (found.getBoolean(1)) {
                    return;
                }
            }
            statement.execute("create database " + PostgresAttachment.DATABASE);
        } catch (SQLException e) {
            throw new DatabaseStartException("PostgreSQL started, but is not usable: " + e.getMessage(), e);
        }
    }

    private Connection connect(int port) throws SQLException {
        PGSimpleDataSource server = new PGSimpleDataSource();
        server.setServerNames(new String[] {"127.0.0.1"});
        server.setPortNumbers(new int[] {port});
        server.setDatabaseName("postgres");
        server.setUser(PostgresCluster.SUPERUSER);
        server.setPassword(password);
        server.setRequireAuth(PostgresCluster.AUTHENTICATION);
        return server.getConnection();
    }
}
