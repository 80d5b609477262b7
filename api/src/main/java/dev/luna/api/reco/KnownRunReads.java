package dev.luna.api.reco;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.core.PreparedStatementSetter;
import org.springframework.jdbc.core.ResultSetExtractor;
import org.springframework.stereotype.Component;

/**
 * The ordinary reads while the published run is the one that is known: half the work of {@link PublishedReads}' own
 * statements, for what is known of the run comes in as parameters. Each is a row of scalar look-ups by key, and that
 * another run is published is seen by the same statement. Runs are named by sub-selects: if a plan for the values of the
 * parameters could leave out partitions, PostgreSQL would plan anew for each read, which takes longer than the read.
 */
@Component
class KnownRunReads {

    private static final String STATE = """
            select (select run_id from published_run),
                   (select version from venue_catalog),
                   coalesce(not pg_visible_in_snapshot(
                     (select xid from user_change where user_id = u.id), cast(? as pg_snapshot)), false)
            """;

    private static final String RANKING =
            ", (select ranking from venue_ranking where run_id = (select cast(? as bigint)) and user_id = u.id)\n";

    private static final String USER = """
            from users u
            where u.id = ?
            """;

    private static final String VENUES = STATE + ", u.home_lat, u.home_lng" + RANKING;
    private static final String VENUES_OF_FULL = VENUES + USER;
    private static final String VENUES_OF_REFRESH = VENUES + RANKING + USER;
    private static final String FRESHNESS = STATE + USER;

    private final JdbcTemplate jdbc;

    KnownRunReads(JdbcTemplate jdbc) {
        this.jdbc = jdbc;
    }

    /** Empty when another run is published, or there is no such user. */
    Optional<PublishedReads.StoredVenues> venues(UUID userId, KnownRun run) {
        Long base = run.baseRunId();
        return first(
                base == null ? VENUES_OF_FULL : VENUES_OF_REFRESH,
                statement -> {
                    int place = 0;
                    statement.setString(++place, run.snapshot());
                    statement.setLong(++place, run.runId());
                    if (base != null) {
                        statement.setLong(++place, base);
                    }
                    statement.setObject(++place, userId);
                },
                row -> isOf(run, row) ? Optional.of(storedVenues(row, userId, run)) : Optional.empty());
    }

    /** Empty when another run is published, or there is no such user. */
    Optional<PublishedReads.Freshness> freshness(UUID userId, KnownRun run) {
        return first(
                FRESHNESS,
                statement -> {
                    statement.setString(1, run.snapshot());
                    statement.setObject(2, userId);
                },
                row -> isOf(run, row)
                        ? Optional.of(new PublishedReads.Freshness(state(row, run), row.getBoolean(3)))
                        : Optional.empty());
    }

    private <T> Optional<T> first(
            String sql, PreparedStatementSetter parameters, ResultSetExtractor<Optional<T>> reading) {
        Optional<T> result =
                jdbc.query(sql, parameters, rows -> rows.next() ? reading.extractData(rows) : Optional.<T>empty());
        return Objects.requireNonNull(result, "the extractor answers");
    }

    private static PublishedReads.StoredVenues storedVenues(ResultSet row, UUID userId, KnownRun run)
            throws SQLException {
        byte[] own = row.getBytes(6);
        byte[] ofBase = run.baseRunId() == null ? null : row.getBytes(7);
        Long writtenBy = own != null ? Long.valueOf(run.runId()) : ofBase != null ? run.baseRunId() : null;
        return new PublishedReads.StoredVenues(
                state(row, run),
                new Person(userId, degrees(row, 4), degrees(row, 5)),
                row.getBoolean(3),
                writtenBy,
                own != null ? own : ofBase);
    }

    private static boolean isOf(KnownRun run, ResultSet row) throws SQLException {
        return row.getLong(1) == run.runId();
    }

    private static ReadState state(ResultSet row, KnownRun run) throws SQLException {
        return new ReadState(run.runId(), run.snapshotAt(), row.getLong(2), null);
    }

    private static @Nullable Double degrees(ResultSet row, int column) throws SQLException {
        double degrees = row.getDouble(column);
        return row.wasNull() ? null : degrees;
    }
}
