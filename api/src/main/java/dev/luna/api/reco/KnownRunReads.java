package dev.luna.api.reco;

import dev.luna.batch.database.RunTables;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
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
 * PostgreSQL would lock all runs' partitions and choose among them at each read. Several users cost little more than one.
 * Thread-safe.
 */
final class KnownRunReads {

    /**
     * The snapshot is read as one only if the user ever changed. Each look-up is a scalar, so that it is by key for each
     * user.
     */
    private static final String STATE = """
            select u.place, c.published_run_id, c.version,
                   coalesce(
                     (select not pg_visible_in_snapshot(xid, cast(cast(? as text) as pg_snapshot))
                      from user_change where user_id = u.id), false)
            """;

    private static final String IS_THERE = ", (select true from users where id = u.id)\n";

    /**
     * One row, and said to be: for want of statistics PostgreSQL guesses thousands, plans each execution anew and, where it
     * was built with a compiler, compiles what it takes for a large query.
     */
    static final String CATALOG = "(select * from venue_catalog limit 1) c\n";

    private static final String HOME = ", u.home_lat, u.home_lng\nfrom " + CATALOG + """
            , (select 0 as place, users.* from users) u
            where u.id = ?
            """;

    /** How many users a statement may be about. */
    static final int MOST = 64;

    private static final String UNDEFINED_TABLE = "42P01";

    private final SQLExceptionTranslator translator = new SQLExceptionSubclassTranslator();
    private final DataSource dataSource;
    private final long runId;
    private final @Nullable Long baseRunId;
    private final String snapshot;
    private final List<String> rankings;
    private final List<String> freshness;
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
        rankings = ofSeveral(STATE + stored);
        freshness = ofSeveral(STATE + IS_THERE);
        venues = STATE + stored + HOME;
        state = new ReadState(runId, true, snapshotAt, -1, null);
    }

    private static String rankingOf(@Nullable Long runId) {
        return runId == null
                ? ", cast(null as bytea)\n"
                : ", (select ranking from %s where user_id = u.id)\n".formatted(new RunTables(runId).venueRankings());
    }

    /** The statements for 1, 2, 4 and so on up to {@link #MOST} users. */
    private static List<String> ofSeveral(String columns) {
        List<String> statements = new ArrayList<>();
        for (int users = 1; users <= MOST; users *= 2) {
            String places = IntStream.range(0, users)
                    .mapToObj(place -> "(%d, cast(? as uuid))".formatted(place))
                    .collect(Collectors.joining(", "));
            statements.add(columns + "from " + CATALOG + ", (values " + places + ") u(place, id)");
        }
        return statements;
    }

    /** Whether this is the run that is asked for; null is the published one. */
    boolean isOf(@Nullable Long id) {
        return id == null || id == runId;
    }

    /**
     * A statement of {@link PublishedReads} over the run's own partitions.
     *
     * @param statement names the tables of its ranked venues and its base's, then those of their companions
     */
    String over(String statement) {
        RunTables own = new RunTables(runId);
        // Without a base there is a table to name all the same, in which nobody finds a base's rows.
        RunTables base = baseRunId == null ? own : new RunTables(baseRunId);
        return statement.formatted(
                own.venueRankings(), base.venueRankings(), own.companionRankings(), base.companionRankings());
    }

    /** Of each user: empty when another run is published, or the user has not changed and the run has no ranking of him. */
    List<Optional<PublishedReads.Ranked>> rankings(List<UUID> users) {
        return read(rankings, users, row -> {
            boolean isChanged = isChanged(row);
            PublishedReads.PackedRanking ranking = isChanged ? null : ranking(row);
            return isChanged || ranking != null ? new PublishedReads.Ranked(state(row), ranking) : null;
        });
    }

    /** Empty when another run is published, or there is no such user. */
    Optional<PublishedReads.StoredVenues> venues(UUID userId) {
        return read(
                        List.of(venues),
                        List.of(userId),
                        row -> new PublishedReads.StoredVenues(
                                state(row),
                                new Person(userId, degrees(row, 7), degrees(row, 8)),
                                isChanged(row),
                                ranking(row)))
                .get(0);
    }

    /** Of each user: empty when another run is published, or there is no such user. */
    List<Optional<PublishedReads.Freshness>> freshness(List<UUID> users) {
        return read(
                freshness,
                users,
                row -> row.getBoolean(5) ? new PublishedReads.Freshness(state(row), isChanged(row)) : null);
    }

    @FunctionalInterface
    private interface RowReader<T> {
        @Nullable
        T read(ResultSet row) throws SQLException;
    }

    /** @param bySize the statement for 1, 2, 4 and so on users; the last user fills the places that are too many */
    private <T> List<Optional<T>> read(List<String> bySize, List<UUID> users, RowReader<T> reader) {
        int size = Integer.SIZE - Integer.numberOfLeadingZeros(users.size() - 1);
        String sql = bySize.get(size);
        List<Optional<T>> found = new ArrayList<>(Collections.nCopies(users.size(), Optional.empty()));
        try (Connection connection = connection();
                PreparedStatement statement = connection.prepareStatement(sql)) {
            statement.setString(1, snapshot);
            for (int place = 0; place < 1 << size; place++) {
                statement.setObject(2 + place, users.get(Math.min(place, users.size() - 1)));
            }
            try (ResultSet row = statement.executeQuery()) {
                while (row.next()) {
                    int place = row.getInt(1);
                    if (place < users.size() && row.getLong(2) == runId) {
                        found.set(place, Optional.ofNullable(reader.read(row)));
                    }
                }
            }
            return found;
        } catch (SQLException e) {
            if (UNDEFINED_TABLE.equals(e.getSQLState())) {
                // Only a run that is not published any more loses its partitions.
                return Collections.nCopies(users.size(), Optional.empty());
            }
            String task = "read of users " + users;
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
        long version = row.getLong(3);
        ReadState last = state;
        if (last.catalogVersion() != version) {
            last = new ReadState(runId, true, last.snapshotAt(), version, null);
            state = last;
        }
        return last;
    }

    private static boolean isChanged(ResultSet row) throws SQLException {
        return row.getBoolean(4);
    }

    private PublishedReads.@Nullable PackedRanking ranking(ResultSet row) throws SQLException {
        byte[] own = row.getBytes(5);
        return own != null || baseRunId == null
                ? PublishedReads.PackedRanking.of(runId, own)
                : PublishedReads.PackedRanking.of(baseRunId, row.getBytes(6));
    }

    private static @Nullable Double degrees(ResultSet row, int column) throws SQLException {
        double degrees = row.getDouble(column);
        return row.wasNull() ? null : degrees;
    }
}
