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

    /** The snapshot is read as one only if the user ever changed. */
    private static final String STATE = """
            select c.published_run_id, c.version,
                   coalesce(
                     (select not pg_visible_in_snapshot(xid, cast(cast(? as text) as pg_snapshot))
                      from user_change where user_id = u.id), false)
            """;

    private static final String USER = """
            from venue_catalog c, users u
            where u.id = ?
            """;

    /** Does not look whether there is such a user. */
    private static final String ID = """
            from venue_catalog c, (select cast(? as uuid) as id) u
            """;

    private static final String FRESHNESS = STATE + USER;
    private static final String UNDEFINED_TABLE = "42P01";

    private final SQLExceptionTranslator translator = new SQLExceptionSubclassTranslator();
    private final DataSource dataSource;
    private final long runId;
    private final @Nullable Long baseRunId;
    private final String snapshot;
    private final String rankings;
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
        String stored = rankingOf(runId) + rankingOf(baseRunId);
        rankings = STATE + stored + ID;
        venues = STATE + stored + ", u.home_lat, u.home_lng\n" + USER;
        state = new ReadState(runId, snapshotAt, -1, null);
    }

    private static String rankingOf(@Nullable Long runId) {
        return runId == null
                ? ", cast(null as bytea)\n"
                : ", (select ranking from %s where user_id = u.id)\n".formatted(new RunTables(runId).venueRankings());
    }

    /**
     * Empty when another run is published, the user has changed since, or the run has no ranking of such a user. A ranking
     * of nothing may mean that the user is gone: so says a refresh run.
     */
    Optional<PublishedReads.Unchanged> unchanged(UUID userId) {
        return read(rankings, userId, row -> {
            PackedRanking ranking = isChanged(row) ? null : ranking(row);
            return ranking == null ? null : new PublishedReads.Unchanged(state(row), ranking);
        });
    }

    /** Empty when another run is published, or there is no such user. */
    Optional<PublishedReads.StoredVenues> venues(UUID userId) {
        return read(
                venues,
                userId,
                row -> new PublishedReads.StoredVenues(
                        state(row),
                        new Person(userId, degrees(row, 6), degrees(row, 7)),
                        isChanged(row),
                        ranking(row)));
    }

    /** Empty when another run is published, or there is no such user. */
    Optional<PublishedReads.Freshness> freshness(UUID userId) {
        return read(FRESHNESS, userId, row -> new PublishedReads.Freshness(state(row), isChanged(row)));
    }

    @FunctionalInterface
    private interface RowReader<T> {
        @Nullable
        T read(ResultSet row) throws SQLException;
    }

    private <T> Optional<T> read(String sql, UUID userId, RowReader<T> reader) {
        try (Connection connection = connection();
                PreparedStatement statement = connection.prepareStatement(sql)) {
            statement.setString(1, snapshot);
            statement.setObject(2, userId);
            try (ResultSet row = statement.executeQuery()) {
                return row.next() && row.getLong(1) == runId ? Optional.ofNullable(reader.read(row)) : Optional.empty();
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

    private static boolean isChanged(ResultSet row) throws SQLException {
        return row.getBoolean(3);
    }

    private @Nullable PackedRanking ranking(ResultSet row) throws SQLException {
        byte[] own = row.getBytes(4);
        if (own != null) {
            return new PackedRanking(runId, own);
        }
        Long base = baseRunId;
        byte[] ofBase = base == null ? null : row.getBytes(5);
        return base == null || ofBase == null ? null : new PackedRanking(base, ofBase);
    }

    private static @Nullable Double degrees(ResultSet row, int column) throws SQLException {
        double degrees = row.getDouble(column);
        return row.wasNull() ? null : degrees;
    }
}
