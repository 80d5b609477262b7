package dev.luna.batch.drill;

import dev.luna.batch.database.SharedPostgres;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Properties;
import org.jspecify.annotations.Nullable;

/** The embedded database of the drill, over connections of the drill's own that nothing else knows of. */
final class DrillDatabase {

    /** How the drill's sessions are told from Luna's. */
    private static final String NAME = "luna-drill";

    private final Path home;

    DrillDatabase(Path home) {
        this.home = home;
    }

    /** A new session. The port may have changed with a restart. */
    Connection connect() throws SQLException {
        try {
            List<String> postmaster = Files.readAllLines(home.resolve("pg-data/postmaster.pid"));
            Properties properties = new Properties();
            properties.setProperty("user", "luna");
            properties.setProperty(
                    "password", Files.readString(home.resolve("pg-password")).strip());
            properties.setProperty("ApplicationName", NAME);
            return DriverManager.getConnection(
                    "jdbc:postgresql://127.0.0.1:" + postmaster.get(3).strip() + "/luna", properties);
        } catch (IOException | IndexOutOfBoundsException e) {
            throw new SQLException("the database is not there: " + e.getMessage(), "08001", e);
        }
    }

    void execute(String sql) throws SQLException {
        try (Connection connection = connect();
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    /** The first column of the only row, as text; null when it is null or there is no row. */
    @Nullable
    String text(String sql, Object... parameters) throws SQLException {
        try (Connection connection = connect();
                PreparedStatement statement = connection.prepareStatement(sql)) {
            for (int i = 0; i < parameters.length; i++) {
                statement.setObject(i + 1, parameters[i]);
            }
            try (ResultSet row = statement.executeQuery()) {
                return row.next() ? row.getString(1) : null;
            }
        }
    }

    boolean holds(String sql, Object... parameters) throws SQLException {
        return "t".equals(text(sql, parameters));
    }

    long number(String sql, Object... parameters) throws SQLException {
        String text = text(sql, parameters);
        return text == null ? 0 : Long.parseLong(text);
    }

    /** Locks a table in a session that lives until the hold is closed. */
    Hold hold(String table, String mode) throws SQLException {
        Connection connection = connect();
        connection.setAutoCommit(false);
        try (Statement statement = connection.createStatement()) {
            statement.execute("lock table %s in %s mode".formatted(table, mode));
        } catch (SQLException e) {
            connection.close();
            throw e;
        }
        return new Hold(table, connection);
    }

    /** Ends every session but the drill's own, and returns when they are gone. */
    void cutAllSessions() throws SQLException {
        execute("""
                select pg_terminate_backend(pid, 10000) from pg_stat_activity
                where backend_type = 'client backend' and application_name <> '%s'
                """.formatted(NAME));
    }

    /** A fast shutdown, which cuts every session off, and a start; nothing that was committed is lost. */
    void restart() throws IOException, InterruptedException {
        ProcessHandle server = server();
        new ProcessBuilder("kill", "-INT", Long.toString(server.pid())).start().waitFor();
        Await.that("the database is down", 60, () -> !server.isAlive());
        // Attaching starts it, unless another process was quicker; those hold it, so detaching leaves it running.
        SharedPostgres.open(home).close();
    }

    /** SIGKILL; its sessions end when they find that it is gone. */
    void kill() throws IOException {
        server().destroyForcibly();
    }

    private ProcessHandle server() throws IOException {
        return ProcessHandle.of(Long.parseLong(Files.readAllLines(home.resolve("pg-data/postmaster.pid"))
                        .get(0)))
                .orElseThrow(() -> new DrillFailure("the database's process is not there"));
    }

    /** A lock that the drill holds, to keep a step where it is. */
    final class Hold implements AutoCloseable {

        private final String table;
        private final Connection connection;

        private Hold(String table, Connection connection) {
            this.table = table;
            this.connection = connection;
        }

        /** Waits until somebody waits for it. */
        void awaitWaiter() throws InterruptedException {
            Await.that(
                    "somebody waits for " + table,
                    60,
                    () -> DrillDatabase.this.holds(
                            "select exists (select from pg_locks where relation = ?::regclass and not granted)",
                            table));
        }

        /** Lets everything go on. */
        void release() throws SQLException {
            connection.close();
        }

        @Override
        public void close() throws SQLException {
            release();
        }
    }
}
