package dev.luna.batch.run;

import dev.luna.batch.scoring.ScoringProfile;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/** Reads runs. Thread-safe; every call is one statement and thus one consistent view. */
@Component
class RunStore {

    /** The size of a running run's storage is not asked for: its tables are locked while their keys are built. */
    private static final String SELECT = """
            select r.id, r.kind, r.base_run_id, r.state, r.phase, r.requested_by, r.profile::text as profile, r.settings::text as settings,
                   r.created_at, r.phase_started_at, r.finished_at, r.snapshot_at, r.users_total, r.venues_total,
                   r.interactions_total, r.edges_total, r.max_likes, r.checksum, r.timings::text as timings,
                   r.gate::text as gate, r.failure, r.published_at, r.published_by, r.storage_dropped_at,
                   p.run_id is not null as published,
                   l.owner, l.acquired_at, l.expires_at, l.expires_at > clock_timestamp() as live,
                   d.users_done, d.users_planned, d.partitions_done, d.partitions_total,
                   coalesce((r.timings ->> 'scoring')::float8, 0)
                     + case when r.state = 'running' and r.phase = 'scoring'
                         then extract(epoch from clock_timestamp() - r.phase_started_at)::float8 else 0 end as scoring_seconds,
                   case when r.state <> 'running' and r.storage_dropped_at is null
                     then run_storage_bytes(r.id) else 0 end as storage_bytes
            from run r
            left join published_run p on p.run_id = r.id
            left join run_lease l on l.run_id = r.id
            cross join lateral (
              select coalesce(sum(users_done), 0) as users_done,
                     coalesce(sum(end_position - first_position), 0) as users_planned,
                     count(*) filter (where users_done = end_position - first_position) as partitions_done,
                     count(*) as partitions_total
              from run_partition where run_id = r.id) d
            """;

    private final JdbcClient jdbc;

    RunStore(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    Optional<Run> find(long id) {
        return jdbc.sql(SELECT + "where r.id = :id")
                .param("id", id)
                .query((row, n) -> run(row))
                .optional();
    }

    /** @throws RunNotFoundException if there is no such run */
    Run get(long id) {
        return find(id).orElseThrow(() -> new RunNotFoundException(id));
    }

    List<Run> list(@Nullable Long beforeId, int limit) {
        return jdbc.sql(SELECT + "where r.id < :before order by r.id desc limit :limit")
                .param("before", beforeId == null ? Long.MAX_VALUE : beforeId)
                .param("limit", limit)
                .query((row, n) -> run(row))
                .list();
    }

    Optional<Run> published() {
        return jdbc.sql(SELECT + "where p.run_id is not null")
                .query((row, n) -> run(row))
                .optional();
    }

    /** The run under way or left behind by a dead process; there is at most one. */
    Optional<Run> running() {
        return jdbc.sql(SELECT + "where r.state = 'running'")
                .query((row, n) -> run(row))
                .optional();
    }

    /** Whether there is anything to rank and anybody to rank it for. */
    boolean hasInputs() {
        return jdbc.sql("select exists (select from users) and exists (select from venues)")
                .query(Boolean.class)
                .single();
    }

    /**
     * A new run in state running, with empty storage of its own.
     *
     * @param baseRunId the full run that a refresh is relative to; null for a full run
     */
    long create(
            RunKind kind, @Nullable Long baseRunId, String requestedBy, ScoringProfile profile, RunSettings settings) {
        long id = jdbc.sql("""
                        insert into run (kind, base_run_id, requested_by, profile, settings)
                        values (:kind, :baseRunId, :requestedBy, cast(:profile as jsonb), cast(:settings as jsonb))
                        returning id
                        """)
                .param("kind", kind.name().toLowerCase(Locale.ROOT))
                .param("baseRunId", baseRunId)
                .param("requestedBy", requestedBy)
                .param("profile", RunJson.write(profile))
                .param("settings", RunJson.write(settings))
                .query(Long.class)
                .single();
        jdbc.sql("select create_run_storage(:id)")
                .param("id", id)
                .query((row, n) -> id)
                .single();
        return id;
    }

    /**
     * Puts a run that nobody works on back to running. The time of an attempt that ended without a word counts up to the
     * end of its lease.
     */
    void resume(long id, @Nullable Instant lastSign) {
        jdbc.sql("""
                        update run
                        set timings = case when cast(:lastSign as timestamptz) is null then timings
                              else jsonb_set(timings, array[phase], to_jsonb(coalesce((timings ->> phase)::float8, 0)
                                + greatest(0, extract(epoch from least(cast(:lastSign as timestamptz), clock_timestamp())
                                    - phase_started_at)::float8))) end,
                            state = 'running', phase_started_at = clock_timestamp(), finished_at = null, failure = null
                        where id = :id
                        """)
                .param("id", id)
                .param("lastSign", lastSign == null ? null : Timestamp.from(lastSign))
                .update();
    }

    /** Ends a running run that is not complete; a run that ended meanwhile stays as it is. */
    void end(long id, RunState state, @Nullable String failure) {
        jdbc.sql("""
                        update run
                        set timings = jsonb_set(timings, array[phase], to_jsonb(coalesce((timings ->> phase)::float8, 0)
                              + extract(epoch from clock_timestamp() - phase_started_at)::float8)),
                            state = :state, finished_at = clock_timestamp(), failure = :failure
                        where id = :id and state = 'running'
                        """)
                .param("id", id)
                .param("state", state.name().toLowerCase(Locale.ROOT))
                .param("failure", failure)
                .update();
    }

    private static Run run(ResultSet row) throws SQLException {
        RunState state = RunState.valueOf(row.getString("state").toUpperCase(Locale.ROOT));
        RunPhase phase = RunPhase.valueOf(row.getString("phase").toUpperCase(Locale.ROOT));
        String gate = row.getString("gate");
        return new Run(
                row.getLong("id"),
                RunKind.valueOf(row.getString("kind").toUpperCase(Locale.ROOT)),
                number(row, "base_run_id"),
                state,
                phase,
                row.getBoolean("published"),
                row.getString("requested_by"),
                required(row, "created_at"),
                required(row, "phase_started_at"),
                instant(row, "finished_at"),
                instant(row, "snapshot_at"),
                number(row, "users_total"),
                number(row, "venues_total"),
                number(row, "interactions_total"),
                number(row, "edges_total"),
                number(row, "max_likes"),
                RunJson.object(row.getString("profile")),
                RunJson.object(row.getString("settings")),
                RunJson.timings(row.getString("timings")),
                gate == null ? List.of() : RunJson.checks(gate),
                row.getString("failure"),
                number(row, "checksum"),
                instant(row, "published_at"),
                row.getString("published_by"),
                instant(row, "storage_dropped_at"),
                owner(row),
                progress(row, state == RunState.RUNNING && phase == RunPhase.SCORING),
                row.getLong("storage_bytes"));
    }

    private static @Nullable RunOwner owner(ResultSet row) throws SQLException {
        String owner = row.getString("owner");
        return owner == null
                ? null
                : new RunOwner(
                        owner, required(row, "acquired_at"), required(row, "expires_at"), row.getBoolean("live"));
    }

    private static RunProgress progress(ResultSet row, boolean scoring) throws SQLException {
        long done = row.getLong("users_done");
        Long total = row.getObject("users_total") == null ? null : number(row, "users_planned");
        double seconds = row.getDouble("scoring_seconds");
        Double rate = done == 0 || seconds <= 0 ? null : done / seconds;
        Duration eta = scoring && rate != null && total != null
                ? Duration.ofMillis(Math.round((total - done) / rate * 1000))
                : null;
        return new RunProgress(done, total, row.getInt("partitions_done"), row.getInt("partitions_total"), rate, eta);
    }

    private static @Nullable Long number(ResultSet row, String column) throws SQLException {
        long value = row.getLong(column);
        return row.wasNull() ? null : value;
    }

    private static @Nullable Instant instant(ResultSet row, String column) throws SQLException {
        Timestamp timestamp = row.getTimestamp(column);
        return timestamp == null ? null : timestamp.toInstant();
    }

    private static Instant required(ResultSet row, String column) throws SQLException {
        Instant instant = instant(row, column);
        if (instant == null) {
            throw new IllegalStateException("column %s of a run is null".formatted(column));
        }
        return instant;
    }
}
