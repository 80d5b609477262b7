package dev.luna.api.reco;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.OffsetDateTime;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;

/**
 * The ordinary reads: one statement each, all by key, so the run, its ranking and the version of the venues are of one
 * moment.
 */
@Repository
class PublishedReads {

    private final JdbcClient jdbc;

    PublishedReads(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    /** @param packed the stored venue ranking; null when the published run has none for the user */
    record StoredVenues(ReadState state, Person person, byte @Nullable [] packed) {}

    /**
     * @param isInRun whether the published run saw the user
     * @param friendCount edges the user had in the run
     * @param packed the stored companion rankings; null without friends
     */
    record StoredCompanions(
            ReadState state, Person person, boolean isInRun, int friendCount, byte @Nullable [] packed) {}

    Optional<StoredVenues> venues(UUID userId) {
        return jdbc.sql("""
                        select u.id, u.home_lat, u.home_lng, c.version, p.run_id,
                               coalesce(n.snapshot_at, now()) as snapshot_at,
                               case when p.run_id is null then pg_current_snapshot()::text end as database_snapshot,
                               r.ranking
                        from users u
                        cross join venue_catalog c
                        left join published_run p on true
                        left join run n on n.id = p.run_id
                        left join venue_ranking r on r.run_id = p.run_id and r.user_id = u.id
                        where u.id = :userId
                        """)
                .param("userId", userId)
                .query((row, n) -> new StoredVenues(state(row), person(row), row.getBytes("ranking")))
                .optional();
    }

    Optional<StoredCompanions> companions(UUID userId) {
        return jdbc.sql("""
                        select u.id, u.home_lat, u.home_lng, c.version, p.run_id,
                               coalesce(n.snapshot_at, now()) as snapshot_at,
                               case when p.run_id is null then pg_current_snapshot()::text end as database_snapshot,
                               v.user_id is not null as is_in_run,
                               coalesce(k.friend_count, 0) as friend_count,
                               k.ranking
                        from users u
                        cross join venue_catalog c
                        left join published_run p on true
                        left join run n on n.id = p.run_id
                        left join venue_ranking v on v.run_id = p.run_id and v.user_id = u.id
                        left join companion_ranking k on k.run_id = p.run_id and k.user_id = u.id
                        where u.id = :userId
                        """)
                .param("userId", userId)
                .query((row, n) -> new StoredCompanions(
                        state(row),
                        person(row),
                        row.getBoolean("is_in_run"),
                        row.getInt("friend_count"),
                        row.getBytes("ranking")))
                .optional();
    }

    static ReadState state(ResultSet row) throws SQLException {
        return new ReadState(
                row.getObject("run_id", Long.class),
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
