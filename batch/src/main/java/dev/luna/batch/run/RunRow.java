package dev.luna.batch.run;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** A run with all that belongs to it, as a row of SQL. */
final class RunRow {

    /** A published run n puts run r out of date, as SQL. No refresh does that to a full run: it ranks by older popularity. */
    static final String OVERTAKES =
            "n.id > r.id and n.published_at is not null and (n.kind = 'full' or r.kind = 'refresh')";

    /**
     * The size of a running run's storage is not asked for: its tables are locked while their keys are built. Where a lease has
     * lapsed nobody scores, so that time does not count.
     */
    static final String SELECT = """
            select r.id, r.kind, r.base_run_id, r.state, r.phase, r.requested_by, r.hold, r.profile::text as profile, r.settings::text as settings,
                   r.created_at, r.phase_started_at, r.finished_at, r.snapshot_at, r.users_total, r.venues_total,
                   r.interactions_total, r.edges_total, r.max_likes, r.checksum, r.timings::text as timings,
                   r.gate::text as gate, r.failure::text as failure, r.published_at, r.published_by, r.forced_at, r.forced_by,
                   r.scheduled_for, r.storage_dropped_at, s.requested_by as stop_requested_by,
                   (select max(n.id) from run n where %s) as superseded_by,
                   m.run_id as readers_moved_to,
                   p.run_id is not null as published,
                   l.owner, l.acquired_at, %s as live,
                   case when %s then l.expires_at else least(l.expires_at, clock_timestamp()) end as lease_until,
                   d.users_done, d.users_planned, d.partitions_done, d.partitions_total,
                   coalesce((r.timings ->> 'scoring')::float8, 0)
                     + case when r.state = 'running' and r.phase = 'scoring'
                         then greatest(0, extract(epoch from least(clock_timestamp(), l.expires_at) - r.phase_started_at)::float8)
                         else 0 end as scoring_seconds,
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
            """.formatted(OVERTAKES, RunLease.IS_LIVE, RunLease.IS_LIVE);

    private RunRow() {}

    static Run read(ResultSet row, int n) throws SQLException {
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
                row.getBoolean("hold"),
                required(row, "created_at"),
                required(row, "phase_started_at"),
                instant(row, "finished_at"),
                instant(row, "snapshot_at"),
                new RunCounts(
                        number(row, "users_total"),
                        number(row, "venues_total"),
                        number(row, "interactions_total"),
                        number(row, "edges_total"),
                        number(row, "max_likes")),
                JsonColumns.object(row.getString("profile")),
                JsonColumns.object(row.getString("settings")),
                JsonColumns.timings(row.getString("timings")),
                gate == null ? List.of() : JsonColumns.checks(gate),
                failure == null ? null : JsonColumns.failure(failure),
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
                        owner, required(row, "acquired_at"), required(row, "lease_until"), row.getBoolean("live"));
    }

    private static RunProgress progress(ResultSet row, boolean scoring) throws SQLException {
        long done = row.getLong("users_done");
        Long total = row.getObject("users_total") == null ? null : number(row, "users_planned");
        double seconds = row.getDouble("scoring_seconds");
        Double rate = done == 0 || seconds <= 0 ? null : done / seconds;
        Double etaSeconds =
                scoring && rate != null && total != null ? Math.round((total - done) / rate * 1000) / 1000.0 : null;
        return new RunProgress(
                done, total, row.getInt("partitions_done"), row.getInt("partitions_total"), rate, etaSeconds);
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
