package dev.luna.batch.run;

import dev.luna.batch.scoring.ScoringProfile;
import dev.luna.batch.snapshot.RefreshBase;
import dev.luna.batch.snapshot.StagedSnapshot;
import java.sql.Timestamp;
import java.util.Locale;
import java.util.Optional;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/**
 * What the owner of a run reads and records about it while it works. Writes join the caller's transaction and are fenced:
 * with a lost lease they throw {@link LeaseLostException}. Thread-safe.
 */
@Component
public class RunLog {

    private final JdbcClient jdbc;
    private final RunLease lease;

    RunLog(JdbcClient jdbc, RunLease lease) {
        this.jdbc = jdbc;
        this.lease = lease;
    }

    /** The scoring profile recorded with the run. */
    public ScoringProfile profile(long runId) {
        return JsonColumns.profile(text("select profile::text from run where id = :id", runId));
    }

    /** The settings recorded with the run. */
    public RunSettings settings(long runId) {
        return JsonColumns.settings(text("select settings::text from run where id = :id", runId));
    }

    /** The full run that a refresh is relative to; empty for a full run. */
    public Optional<RefreshBase> base(long runId) {
        return jdbc.sql("""
                        select b.id, b.snapshot::text as snapshot, b.checksum, b.users_total, b.edges_total, b.max_likes
                        from run r join run b on b.id = r.base_run_id
                        where r.id = :id
                        """)
                .param("id", runId)
                .query((row, n) -> new RefreshBase(
                        row.getLong("id"),
                        row.getString("snapshot"),
                        row.getLong("checksum"),
                        row.getLong("users_total"),
                        row.getLong("edges_total"),
                        row.getInt("max_likes")))
                .optional();
    }

    /** Whether the run's inputs are staged. */
    public boolean isStaged(long runId) {
        return jdbc.sql("select snapshot_at is not null from run where id = :id")
                .param("id", runId)
                .query(Boolean.class)
                .single();
    }

    /** Whether somebody asked the run to stop since it was last started or restarted. */
    public boolean isStopRequested(long runId) {
        return jdbc.sql("select exists (select from run_stop where run_id = :id)")
                .param("id", runId)
                .query(Boolean.class)
                .single();
    }

    /** Which Spring Batch execution works on the run. */
    public void executedBy(Claim claim, long jobExecutionId) {
        lease.prove(claim);
        jdbc.sql("update run set job_execution_id = :execution where id = :id")
                .param("execution", jobExecutionId)
                .param("id", claim.runId())
                .update();
    }

    /** The run goes on to another phase; the time of the one before is added to its timings. Repeating it changes nothing. */
    public void enter(Claim claim, RunPhase phase) {
        lease.prove(claim);
        jdbc.sql("""
                        update run
                        set timings = %s,
                            phase = :phase, phase_started_at = clock_timestamp()
                        where id = :id and state = 'running' and phase <> :phase
                        """.formatted(PhaseTime.ADDED))
                .param("phase", phase.name().toLowerCase(Locale.ROOT))
                .param("id", claim.runId())
                .update();
    }

    /** The run's inputs are staged. */
    public void staged(Claim claim, StagedSnapshot snapshot) {
        lease.prove(claim);
        jdbc.sql("""
                        update run
                        set snapshot_at = :moment, snapshot = cast(:visible as pg_snapshot), users_total = :users,
                            venues_total = :venues, interactions_total = :interactions, edges_total = :edges,
                            max_likes = :maxLikes, carried_checksum = :carriedChecksum
                        where id = :id
                        """)
                .param("moment", Timestamp.from(snapshot.moment()))
                .param("visible", snapshot.visible())
                .param("users", snapshot.users())
                .param("venues", snapshot.venues())
                .param("interactions", snapshot.interactions())
                .param("edges", snapshot.edges())
                .param("maxLikes", snapshot.maxLikes())
                .param("carriedChecksum", snapshot.carriedChecksum())
                .param("id", claim.runId())
                .update();
    }

    private String text(String sql, long runId) {
        return jdbc.sql(sql)
                .param("id", runId)
                .query(String.class)
                .optional()
                .orElseThrow(() -> new RunNotFoundException(runId));
    }
}
