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

/** Reads runs and records their lives. Thread-safe; what reads is one statement and thus one consistent view. */
@Component
class RunStore {

    /** A published run n puts run r out of date, as SQL. No refresh does that to a full run: it ranks by older popularity. */
    static final String OVERTAKES =
            "n.id > r.id and n.published_at is not null and (n.kind = 'full' or r.kind = 'refresh')";

    /** The size of a running run's storage is not asked for: its tables are locked while their keys are built. */
    private static final String SELECT = """
            select r.id, r.kind, r.base_run_id, r.state, r.phase, r.requested_by, r.profile::text as profile, r.settings::text as settings,
                   r.created_at, r.phase_started_at, r.finished_at, r.snapshot_at, r.users_total, r.venues_total,
                   r.interactions_total, r.edges_total, r.max_likes, r.checksum, r.timings::text as timings,
                   r.gate::text as gate, r.failure::text as failure, r.published_at, r.published_by, r.forced_at, r.forced_by,
                   r.scheduled_for, r.storage_dropped_at, s.requested_by as stop_requested_by,
                   (select max(n.id) from run n where %s) as superseded_by,
                   m.run_id as readers_moved_to,
                   p.run_id is not null as published,
                   l.owner, l.acquired_at, l.expires_at, %s as live,
                   d.users_done, d.users_planned, d.partitions_done, d.partitions_total,
                   coalesce((r.timings ->> 'scoring')::float8, 0)
                     + case when r.state = 'running' and r.phase = 'scoring'
                         then extract(epoch from clock_timestamp() - r.phase_started_at)::float8 else 0 end as scoring_seconds,
                   case when r.state <> 'running' and r.storage_dropped_at is null
                     then run_storage_bytes(r.id) else 0 end as storage_bytes
            from run r
            left join published_run p on p.run_id = r.id
            left join published_run m
              on r.base_run_id is not null and m.run_id <> r.id and m.publications > r.publications_before
            left join run_lease l on l.run_id = r.id
            left join run_stop s on s.run_id = r.id
            cross join lateral (
              select coalesce(sum(users_done), 0) as users_done,
                     coalesce(sum(end_position - first_position), 0) as users_planned,
                     count(*) filter (where users_done = end_position - first_position) as partitions_done,
                     count(*) as partitions_total
              from run_partition where run_id = r.id) d
            """.formatted(OVERTAKES, RunLease.IS_LIVE);

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

    List<Run> list(RunFilter filter, @Nullable Long beforeId, int limit) {
        RunKind kind = filter.kind();
        return jdbc.sql(SELECT + """
                        where r.id < :before
                          and (cast(:kind as text) is null or r.kind = :kind)
                          and (cardinality(cast(:states as text[])) = 0 or r.state = any(cast(:states as text[])))
                        order by r.id desc limit :limit
                        """)
                .param("kind", kind == null ? null : stored(kind))
                .param("states", filter.states().stream().map(RunStore::stored).toArray(String[]::new))
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

    /** The run whose lease is live: under way, or complete while its process removes old runs. */
    Optional<Run> leased() {
        return jdbc.sql(SELECT + "where " + RunLease.IS_LIVE)
                .query((row, n) -> run(row))
                .optional();
    }

    /** Whether there is anything to rank and anybody to rank it for. */
    boolean hasInputs() {
        return jdbc.sql("select exists (select from users) and exists (select from venues)")
                .query(Boolean.class)
                .single();
    }

    List<PartitionProgress> partitions(long id) {
        return jdbc.sql("""
                        select partition_no, end_position - first_position as users, users_done from run_partition
                        where run_id = :id order by partition_no
                        """)
                .param("id", id)
                .query((row, n) -> new PartitionProgress(
                        row.getInt("partition_no"), row.getInt("users_done"), row.getInt("users")))
                .list();
    }

    /** Whether the schedule has already got a run of this kind for this tick. */
    boolean hasStarted(RunKind kind, Instant tick) {
        return jdbc.sql("select exists (select from run where kind = :kind and scheduled_for = :tick)")
                .param("kind", stored(kind))
                .param("tick", Timestamp.from(tick))
                .query(Boolean.class)
                .single();
    }

    /** Keeps a request to stop the run, whoever is told of it and whether that works; the first one counts. */
    void requestStop(long id, String by) {
        jdbc.sql("insert into run_stop (run_id, requested_by) values (:id, :by) on conflict do nothing")
                .param("id", id)
                .param("by", by)
                .update();
    }

    /** What was asked before does not stop the run any more. */
    void forgetStop(long id) {
        jdbc.sql("delete from run_stop where run_id = :id").param("id", id).update();
    }

    /** Records who publishes the run although the gate held it back. */
    void forced(long id, String by) {
        jdbc.sql("update run set forced_at = clock_timestamp(), forced_by = :by where id = :id")
                .param("by", by)
                .param("id", id)
                .update();
    }

    /**
     * A new run in state running, with empty storage of its own. Needs {@link RunLock}, as it counts the publications before it.
     *
     * @param baseRunId the full run that a refresh is relative to; null for a full run
     * @param tick the tick of the schedule that asked for it; null when somebody did
     */
    long create(
            RunKind kind,
            @Nullable Long baseRunId,
            String requestedBy,
            ScoringProfile profile,
            RunSettings settings,
            @Nullable Instant tick) {
        long id = jdbc.sql("""
                        insert into run (kind, base_run_id, requested_by, scheduled_for, profile, settings,
                                         publications_before, created_at, phase_started_at)
                        values (:kind, :baseRunId, :requestedBy, :tick, cast(:profile as jsonb), cast(:settings as jsonb),
                                coalesce((select publications from published_run), 0), clock_timestamp(), clock_timestamp())
                        returning id
                        """)
                .param("kind", stored(kind))
                .param("baseRunId", baseRunId)
                .param("tick", tick == null ? null : Timestamp.from(tick))
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
                        set timings = case when cast(:lastSign as timestamptz) is null then timings else %s end,
                            state = 'running', phase_started_at = clock_timestamp(), finished_at = null, failure = null
                        where id = :id
                        """.formatted(PhaseTime.addedUntil("least(cast(:lastSign as timestamptz), clock_timestamp())")))
                .param("id", id)
                .param("lastSign", lastSign == null ? null : Timestamp.from(lastSign))
                .update();
    }

    /** Counts a take-over by nobody's wish, and returns how many there were in a row since the run got any further. */
    int countTakeOver(long id) {
        return jdbc.sql("""
                        update run
                        set takeovers = case when takeover_phase = phase and takeover_users = done then takeovers + 1 else 1 end,
                            takeover_phase = phase, takeover_users = done
                        from (select coalesce(sum(users_done), 0) as done from run_partition where run_id = :id) progress
                        where id = :id
                        returning takeovers
                        """).param("id", id).query(Integer.class).single();
    }

    /** The next take-over by nobody's wish is the first again. */
    void forgetTakeOvers(long id) {
        jdbc.sql("update run set takeover_phase = null where id = :id")
                .param("id", id)
                .update();
    }

    /** Ends a running run that is not complete. False for one that ended meanwhile, which stays as it is. */
    boolean end(long id, RunState state, @Nullable RunFailure failure) {
        return jdbc.sql("""
                        update run
                        set timings = %s,
                            state = :state, finished_at = clock_timestamp(), failure = cast(:failure as jsonb)
                        where id = :id and state = 'running'
                        """.formatted(PhaseTime.ADDED))
                        .param("id", id)
                        .param("state", stored(state))
                        .param("failure", failure == null ? null : RunJson.write(failure))
                        .update()
                == 1;
    }

    private static String stored(Enum<?> value) {
        return value.name().toLowerCase(Locale.ROOT);
    }

    private static Run run(ResultSet row) throws SQLException {
        RunState state = RunState.valueOf(row.getString("state").toUpperCase(Locale.ROOT));
        RunPhase phase = RunPhase.valueOf(row.getString("phase").toUpperCase(Locale.ROOT));
        String gate = row.getString("gate");
        String failure = row.getString("failure");
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
                failure == null ? null : RunJson.failure(failure),
                number(row, "checksum"),
                instant(row, "published_at"),
                row.getString("published_by"),
                instant(row, "forced_at"),
                row.getString("forced_by"),
                instant(row, "scheduled_for"),
                instant(row, "storage_dropped_at"),
                row.getString("stop_requested_by"),
                number(row, "superseded_by"),
                number(row, "readers_moved_to"),
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
