package dev.luna.api.reco;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.OffsetDateTime;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.function.BiFunction;
import java.util.function.Function;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.BadSqlGrammarException;
import org.springframework.jdbc.core.RowMapper;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/**
 * The ordinary reads: one statement each, all by key, so the run, its ranking, the version of the venues and whether the
 * user has changed since are of one moment. A refresh run holds the rankings of some users; the run it refreshes holds
 * everyone else's. Not a {@code @Repository}: {@link JdbcClient} translates exceptions already, and the proxy that would do
 * it again costs each read.
 */
@Component
class PublishedReads {

    /** A user, the run to read and what is known to have changed. */
    private static final String USER_AND_RUN = "from users u cross join " + KnownRunReads.CATALOG + """
            left join run n on n.id = coalesce(cast(:runId as bigint), c.published_run_id)
              and n.storage_dropped_at is null and (n.id = c.published_run_id or n.state = 'completed'
                or n.state = 'held' and n.hold)
            left join user_change h on h.user_id = u.id
            """;

    /** What {@link #state} reads. */
    static final String STATE = """
            c.version, n.id as run_id, n.id = c.published_run_id as is_published,
            coalesce(n.snapshot_at, now()) as snapshot_at,
            case when n.id is null then pg_current_snapshot()::text end as database_snapshot
            """;

    /** Tells the names of a user's friends apart from any others: they change without a run or an edge changing. */
    private static final String FRIENDS_TAG = """
            (select to_hex(coalesce(bit_xor(hashtextextended(f.name, hashtextextended(f.id::text, 0))), 0))
             from user_social_edges e join users f on f.id = e.other_user_id
             where e.user_id = u.id) as friends_tag
            """;

    /** The state and whether the user has changed since. */
    private static final String FRESHNESS = """
            select coalesce(not pg_visible_in_snapshot(h.xid, n.snapshot), false) as is_changed,
            """ + STATE;

    /** The same, and what is to be known of the published run. */
    private static final String STORED = FRESHNESS + ", n.base_run_id, n.snapshot::text as snapshot,\n";

    /** The run's rows, or the base's: of the tables that {@link KnownRunReads#over} names. */
    private static final String VENUE_ROWS = """
            left join %1$s r on r.run_id = n.id and r.user_id = u.id
            left join %2$s b on b.run_id = n.base_run_id and b.user_id = u.id
            """;

    private static final String STORED_VENUES = STORED + """
            u.id, u.home_lat, u.home_lng,
            coalesce(r.run_id, b.run_id) as written_by, coalesce(r.ranking, b.ranking) as ranking
            """ + USER_AND_RUN + VENUE_ROWS;

    private static final String STORED_COMPANIONS = STORED + """
            case when length(coalesce(r.ranking, b.ranking)) > 0 then coalesce(r.run_id, b.run_id) end as written_by,
            coalesce(k.friend_count, l.friend_count, 0) as friend_count, coalesce(k.ranking, l.ranking) as ranking,
            """ + FRIENDS_TAG + USER_AND_RUN + VENUE_ROWS + """
            left join %3$s k on k.run_id = r.run_id and k.user_id = u.id
            left join %4$s l on l.run_id = b.run_id and r.run_id is null and l.user_id = u.id
            where u.id = :users
            """;

    /** Hundreds of times what an exchange takes. */
    private static final Duration PATIENCE = Duration.ofMillis(100);

    private final JdbcClient jdbc;
    private final DataSource dataSource;
    private final Coalescer<UUID, Optional<Ranked>> rankings = coalescer("luna-rankings", KnownRunReads::rankings);
    private final Coalescer<UUID, Optional<Freshness>> freshness =
            coalescer("luna-freshness", KnownRunReads::freshness);
    private volatile @Nullable KnownRunReads known;

    PublishedReads(JdbcClient jdbc, DataSource dataSource) {
        this.jdbc = jdbc;
        this.dataSource = dataSource;
    }

    /** Finds nothing while no published run is known. */
    private <T> Coalescer<UUID, Optional<T>> coalescer(
            String name, BiFunction<KnownRunReads, List<UUID>, List<Optional<T>>> read) {
        return new Coalescer<>(Coalescer.carrier(name), KnownRunReads.MOST, PATIENCE, users -> {
            KnownRunReads run = known;
            return run == null ? Collections.nCopies(users.size(), Optional.empty()) : read.apply(run, users);
        });
    }

    /**
     * A user's venue ranking as a run stored it.
     *
     * @param writtenBy the run that wrote it: the run read, or the one that it refreshes
     * @param packed as {@link dev.luna.batch.scoring.VenueRankingCodec} wrote it
     */
    record PackedRanking(long writtenBy, byte[] packed) {

        /** Null when there is none; one of nothing is none, for so a refresh says that the user was gone. */
        static @Nullable PackedRanking of(long writtenBy, byte @Nullable [] packed) {
            return packed == null || packed.length == 0 ? null : new PackedRanking(writtenBy, packed);
        }
    }

    /**
     * @param isChanged whether the user's home, interactions or edges differ from what the run saw
     * @param ranking null when the run has none for the user
     */
    record StoredVenues(
            ReadState state,
            Person person,
            boolean isChanged,
            @Nullable PackedRanking ranking) {}

    /** @param ranking the published run's; null when the user's home, interactions or edges differ from what it saw */
    record Ranked(ReadState state, @Nullable PackedRanking ranking) {}

    /** @param isChanged whether the user's home, interactions or edges differ from what the run saw */
    record Freshness(ReadState state, boolean isChanged) {}

    /** As {@link StoredCompanions}, without the rankings. */
    record FriendsFreshness(ReadState state, boolean isChanged, String friendsTag) {}

    /**
     * @param isChanged whether the user's home, interactions or edges differ from what the run saw
     * @param writtenBy the run that ranked the user; null when none did
     * @param friendCount edges the user had in the run
     * @param packed the stored companion rankings; without friends null, or of none
     * @param friendsTag equal while the friends there are now have the same names
     */
    record StoredCompanions(
            ReadState state,
            boolean isChanged,
            @Nullable Long writtenBy,
            int friendCount,
            byte @Nullable [] packed,
            String friendsTag) {}

    /** The least that can be read; empty where that is not enough, or not known how to, and {@link #venues} tells. */
    Optional<Ranked> ranked(UUID userId) {
        return rankings.ask(userId);
    }

    /** @param runId the run to read, {@link PinnedRun#NONE} for none; null for the published one */
    Optional<StoredVenues> venues(UUID userId, @Nullable Long runId) {
        KnownRunReads run = known;
        if (run != null && run.isOf(runId)) {
            Optional<StoredVenues> row = run.venues(userId);
            if (row.isPresent()) {
                return row;
            }
        }
        return ofAllRuns(STORED_VENUES + "where u.id = :users", userId, runId, PublishedReads::storedVenues).stream()
                .findFirst();
    }

    /** As the published run has them, of those of the users who exist, in no order. */
    List<StoredVenues> venues(Collection<UUID> userIds) {
        return stored(
                STORED_VENUES + "where u.id = any(:users)",
                userIds.toArray(UUID[]::new),
                null,
                PublishedReads::storedVenues,
                StoredVenues::state);
    }

    /** Of the partitions of the known run, where that is the one to read: nobody waits there while another is dropped. */
    private <T> List<T> stored(
            String statement, Object users, @Nullable Long runId, RowMapper<T> mapper, Function<T, ReadState> stateOf) {
        KnownRunReads run = known;
        if (run != null && run.isOf(runId)) {
            try {
                List<T> rows = query(run.over(statement), users, runId, mapper);
                // Where no run can be read, none of the tables has anything.
                if (rows.stream().allMatch(row -> run.isOf(stateOf.apply(row).runId()))) {
                    return rows;
                }
            } catch (BadSqlGrammarException e) {
                // It is not published any more, and lost its partitions; whatever else is wrong is wrong below, too.
            }
        }
        return ofAllRuns(statement, users, runId, mapper);
    }

    /** Of the tables of all runs. From then on the published run is known, if it was read. */
    private <T> List<T> ofAllRuns(String statement, Object users, @Nullable Long runId, RowMapper<T> mapper) {
        String venues = "venue_ranking";
        String companions = "companion_ranking";
        return query(statement.formatted(venues, venues, companions, companions), users, runId, (row, n) -> {
            if (n == 0 && row.getBoolean("is_published")) {
                known = new KnownRunReads(
                        dataSource,
                        row.getLong("run_id"),
                        row.getObject("base_run_id", Long.class),
                        row.getString("snapshot"),
                        row.getObject("snapshot_at", OffsetDateTime.class).toInstant());
            }
            return mapper.mapRow(row, n);
        });
    }

    private <T> List<T> query(String statement, Object users, @Nullable Long runId, RowMapper<T> mapper) {
        return jdbc.sql(statement)
                .param("users", users)
                .param("runId", runId)
                .query(mapper)
                .list();
    }

    private static StoredVenues storedVenues(ResultSet row, int n) throws SQLException {
        return new StoredVenues(
                state(row),
                person(row),
                row.getBoolean("is_changed"),
                PackedRanking.of(row.getLong("written_by"), row.getBytes("ranking")));
    }

    /** @param runId the run to read, {@link PinnedRun#NONE} for none; null for the published one */
    Optional<StoredCompanions> companions(UUID userId, @Nullable Long runId) {
        return stored(
                        STORED_COMPANIONS,
                        userId,
                        runId,
                        (row, n) -> new StoredCompanions(
                                state(row),
                                row.getBoolean("is_changed"),
                                row.getObject("written_by", Long.class),
                                row.getInt("friend_count"),
                                row.getBytes("ranking"),
                                row.getString("friends_tag")),
                        StoredCompanions::state)
                .stream()
                .findFirst();
    }

    /** @param runId the run to read, {@link PinnedRun#NONE} for none; null for the published one */
    Optional<Freshness> freshness(UUID userId, @Nullable Long runId) {
        if (runId == null) {
            Optional<Freshness> row = freshness.ask(userId);
            if (row.isPresent()) {
                return row;
            }
        }
        return jdbc.sql(FRESHNESS + USER_AND_RUN + "where u.id = :userId")
                .param("userId", userId)
                .param("runId", runId)
                .query((row, n) -> new Freshness(state(row), row.getBoolean("is_changed")))
                .optional();
    }

    /** @param runId the run to read, {@link PinnedRun#NONE} for none; null for the published one */
    Optional<FriendsFreshness> friendsFreshness(UUID userId, @Nullable Long runId) {
        return jdbc.sql(FRESHNESS + "," + FRIENDS_TAG + USER_AND_RUN + "where u.id = :userId")
                .param("userId", userId)
                .param("runId", runId)
                .query((row, n) ->
                        new FriendsFreshness(state(row), row.getBoolean("is_changed"), row.getString("friends_tag")))
                .optional();
    }

    /** The published state, apart from anybody. */
    ReadState state() {
        return jdbc.sql("select " + STATE + "from " + KnownRunReads.CATALOG
                        + "left join run n on n.id = c.published_run_id")
                .query((row, n) -> state(row))
                .single();
    }

    /** What is known of a run; empty when there never was one of that id. */
    Optional<PinnedRun.Status> status(long runId) {
        return jdbc.sql("select state, storage_dropped_at from run where id = ?")
                .param(runId)
                .query((row, n) -> {
                    OffsetDateTime droppedAt = row.getObject("storage_dropped_at", OffsetDateTime.class);
                    return new PinnedRun.Status(
                            row.getString("state"), droppedAt == null ? null : droppedAt.toInstant());
                })
                .optional();
    }

    static ReadState state(ResultSet row) throws SQLException {
        return new ReadState(
                row.getObject("run_id", Long.class),
                row.getBoolean("is_published"),
                row.getObject("snapshot_at", OffsetDateTime.class).toInstant(),
                row.getLong("version"),
                row.getString("database_snapshot"));
    }

    static Person person(ResultSet row) throws SQLException {
        return new Person(
                row.getObject("id", UUID.class),
                row.getObject("home_lat", Double.class),
                row.getObject("home_lng", Double.class));
    }
}
