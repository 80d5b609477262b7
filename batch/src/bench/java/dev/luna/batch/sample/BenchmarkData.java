package dev.luna.batch.sample;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import javax.sql.DataSource;

/**
 * Users, venues, interactions and social edges made inside PostgreSQL by {@code sql/bench/data.sql}, the same for the same
 * size, in one transaction. On two cores S takes 3 s and M 25 s.
 */
public final class BenchmarkData {

    /**
     * How much of everything: up to L each size is ten times the one before, with five times its venues; XL has L's rows for
     * ten times its users.
     */
    public enum Size {
        S(10_000, 4_000, 200_000, 100_000),
        M(100_000, 20_000, 2_000_000, 1_000_000),
        L(1_000_000, 100_000, 20_000_000, 10_000_000),
        XL(10_000_000, 100_000, 20_000_000, 10_000_000);

        private final long users;
        private final long venues;
        private final long interactions;
        private final long edges;

        Size(long users, long venues, long interactions, long edges) {
            this.users = users;
            this.venues = venues;
            this.interactions = interactions;
            this.edges = edges;
        }

        /** Name and numbers. */
        public String description() {
            return String.format(
                    Locale.ROOT,
                    "%s (%,d users, %,d venues, %,d interactions, %,d social edges)",
                    name(),
                    users,
                    venues,
                    interactions,
                    edges);
        }
    }

    private static final String SCRIPT = "/bench/data.sql";

    private final DataSource dataSource;

    /** @param dataSource whose user is to be a superuser */
    public BenchmarkData(DataSource dataSource) {
        this.dataSource = dataSource;
    }

    /**
     * Why the data may not be made here, with the remedy; empty if it may.
     *
     * @param replace whether users and venues that are there may go
     */
    public Optional<String> refusal(boolean replace) throws SQLException {
        try (Connection connection = dataSource.getConnection()) {
            if (!holds(connection, "select rolsuper from pg_roles where rolname = current_user")) {
                return Optional.of(
                        "the data is loaded with session_replication_role = replica, for which "
                                + "the database user must be a superuser; use the embedded database, or connect as a superuser");
            }
            if (holds(connection, "select exists (select from run where state = 'running')")) {
                return Optional.of("a run is under way; wait for it or stop it with `luna runs stop ID`");
            }
            if (!replace && holds(connection, "select exists (select from users) or exists (select from venues)")) {
                return Optional.of("the database has users or venues already; choose another LUNA_HOME, or let "
                        + "--replace delete them with everything that refers to them, plans and rankings included");
            }
            return Optional.empty();
        }
    }

    /** Replaces whatever users, venues and rankings there are. */
    public void load(Size size) throws SQLException {
        try (Connection connection = dataSource.getConnection()) {
            connection.setAutoCommit(false);
            try {
                clear(connection);
                set(
                        connection,
                        Map.of(
                                "bench.users", Long.toString(size.users),
                                "bench.venues", Long.toString(size.venues),
                                "bench.interactions", Long.toString(size.interactions),
                                "bench.edges", Long.toString(size.edges),
                                "work_mem", "256MB",
                                "maintenance_work_mem", "512MB"));
                execute(connection, script());
                connection.commit();
            } catch (SQLException | RuntimeException e) {
                connection.rollback();
                throw e;
            }
            connection.setAutoCommit(true);
            execute(connection, "vacuum analyze users, venues, user_venue_interactions, user_social_edges");
            // What is measured next does not write this out.
            execute(connection, "checkpoint");
        }
    }

    /** Also the runs' rankings: the gate would hold back the first run over other data. */
    private static void clear(Connection connection) throws SQLException {
        for (String sql : List.of(
                "truncate users, venues cascade",
                "delete from published_run",
                "select drop_run_storage(id) from run where storage_dropped_at is null")) {
            execute(connection, sql);
        }
    }

    private static void set(Connection connection, Map<String, String> settings) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement("select set_config(?, ?, true)")) {
            for (Map.Entry<String, String> setting : settings.entrySet()) {
                statement.setString(1, setting.getKey());
                statement.setString(2, setting.getValue());
                statement.execute();
            }
        }
    }

    private static void execute(Connection connection, String sql) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    private static boolean holds(Connection connection, String sql) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(sql)) {
            return row.next() && row.getBoolean(1);
        }
    }

    private static String script() {
        try (InputStream in = BenchmarkData.class.getResourceAsStream(SCRIPT)) {
            if (in == null) {
                throw new IllegalStateException(SCRIPT + " is missing; build with the Maven profile bench");
            }
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
