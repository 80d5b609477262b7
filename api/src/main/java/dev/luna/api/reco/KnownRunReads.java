package dev.luna.api.reco;

import dev.luna.batch.database.RunTables;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.Optional;
import java.util.UUID;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.springframework.dao.DataAccessException;
import org.springframework.jdbc.CannotGetJdbcConnectionException;
import org.springframework.jdbc.UncategorizedSQLException;
import org.springframework.jdbc.support.SQLExceptionSubclassTranslator;
import org.springframework.jdbc.support.SQLExceptionTranslator;

/**
 * The ordinary reads while the published run is the one that is known: half the work of {@link PublishedReads}' own
 * statements, for what never changes about the run is not asked for. Each is a row of scalar look-ups by key, and that
 * another run is published is seen by the same statement. The run's partitions are named, since over the parent table
 * PostgreSQL would lock all runs' partitions and choose among them at each read. Thread-safe.
 */
final class KnownRunReads {

    private static final String STATE = """
            select (select run_id from published_run),
                   (select version from venue_catalog),
                   coalesce(not pg_visible_in_snapshot(
                     (select xid from user_change where user_id = u.id), cast(? as pg_snapshot)), false)
            """;

    private static final String USER = """
            from users u
            where u.id = ?
            """;

    private static final String FRESHNESS = STATE + USER;
    private static final String UNDEFINED_TABLE = "42P01";

    private final SQLExceptionTranslator translator = new SQLExceptionSubclassTranslator();
    private final DataSource dataSource;
    private final long runId;
    private final @Nullable Long baseRunId;
    private final String snapshot;
    private final String venues;
    private volatile ReadState state;

    /**
     * @param runId the published run
     * @param baseRunId the full run that it refreshes; null for a full run
     * @param snapshot which transactions it saw, PostgreSQL's text of a {@code pg_snapshot}
     * @param snapshotAt the moment of that snapshot
     */
    KnownRunReads(DataSource dataSource, long runId, @Nullable Long baseRunId, String snapshot, Instant snapshotAt) {
        this.dataSource = dataSource;
        this.runId = runId;
        this.baseRunId = baseRunId;
        this.snapshot = snapshot;
        venues = STATE + ", u.home_lat, u.home_lng" + rankingOf(runId) + (baseRunId == null ? "" : rankingOf(baseRunId))
                + USER;
        state = new ReadState(runId, snapshotAt, -1, null);
    }

    private static String rankingOf(long runId) {
        return ", (select ranking from %s where user_id = u.id)\n".formatted(new RunTables(runId).venueRankings());
    }

    /** Empty when another run is published, or there is no such user. */
    Optional<PublishedReads.StoredVenues> venues(UUID userId) {
        return read(venues, userId, row -> {
            byte[] own = row.getBytes(6);
            byte[] ofBase = own != null || baseRunId == null ? null : row.getBytes(7);
            return new PublishedReads.StoredVenues(
                    state(row),
                    new Person(userId, degrees(row, 4), degrees(row, 5)),
                    row.getBoolean(3),
                    own != null ? Long.valueOf(runId) : ofBase != null ? baseRunId : null,
                    own != null ? own : ofBase);
        });
    }

    /** Empty when another run is published, or there is no such user. */
    Optional<PublishedReads.Freshness> freshness(UUID userId) {
        return read(FRESHNESS, userId, row -> new PublishedReads.Freshness(state(row), row.getBoolean(3)));
    }

    @FunctionalInterface
    private interface RowReader<T> {
        T read(ResultSet row) throws SQLException;
    }

    private <T> Optional<T> read(String sql, UUID userId, RowReader<T> reader) {
        try (Connection connection = connection();
                PreparedStatement statement = connection.prepareStatement(sql)) {
            statement.setString(1, snapshot);
            statement.setObject(2, userId);
            try (ResultSet row = statement.executeQuery()) {
                return row.next() && row.getLong(1) == runId ? Optional.of(reader.read(row)) : Optional.empty();
            }
        } catch (SQLException e) {
            if (UNDEFINED_TABLE.equals(e.getSQLState())) {
                // Only a run that is not published any more loses its partitions.
                return Optional.empty();
            }
            String task = "read of user " + userId;
            DataAccessException translated = translator.translate(task, sql, e);
            throw translated != null ? translated : new UncategorizedSQLException(task, sql, e);
        }
    }

    private Connection connection() {
        try {
            return dataSource.getConnection();
        } catch (SQLException e) {
            throw new CannotGetJdbcConnectionException("no connection to the database", e);
        }
    }

    /** The same object while nothing changes. */
    private ReadState state(ResultSet row) throws SQLException {
        long version = row.getLong(2);
        ReadState last = state;
        if (last.catalogVersion() != version) {
            last = new ReadState(runId, last.snapshotAt(), version, null);
            state = last;
        }
        return last;
    }

    private static @Nullable Double degrees(ResultSet row, int column) throws SQLException {
        double degrees = row.getDouble(column);
        return row.wasNull() ? null : degrees;
    }
}
