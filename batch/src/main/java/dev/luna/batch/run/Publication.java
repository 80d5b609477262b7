package dev.luna.batch.run;

import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/** The pointer that readers follow. Every method joins the caller's transaction. Thread-safe. */
@Component
public class Publication {

    private final JdbcClient jdbc;
    private final RunLock lock;
    private final RunLease lease;

    Publication(JdbcClient jdbc, RunLock lock, RunLease lease) {
        this.jdbc = jdbc;
        this.lock = lock;
        this.lease = lease;
    }

    /**
     * Completes the rows of a refresh, by saying of each of its users who has no friends that he has none; before the keys.
     * Repeating it changes nothing, and it does nothing for a full run.
     */
    public void completeRows(Claim claim) {
        lease.prove(claim);
        jdbc.sql("select complete_refresh_rankings(id) from run where id = :id and kind = 'refresh'")
                .param("id", claim.runId())
                .query((row, n) -> 1)
                .list();
    }

    /** Gives a complete run's ranked venues their key. Repeating it changes nothing. */
    public void keyVenues(Claim claim) {
        key(claim, "venue_ranking");
    }

    /** Gives a complete run's ranked companions their key. Repeating it changes nothing. */
    public void keyCompanions(Claim claim) {
        key(claim, "companion_ranking");
    }

    private void key(Claim claim, String parent) {
        lease.prove(claim);
        jdbc.sql("select key_run_rankings(:id, :parent)")
                .param("id", claim.runId())
                .param("parent", parent)
                .query((row, n) -> 1)
                .single();
    }

    /** Joins a complete run's storage to the tables that readers use. Repeating it changes nothing. */
    public void seal(Claim claim) {
        lease.prove(claim);
        jdbc.sql("select seal_run_storage(:id)")
                .param("id", claim.runId())
                .query((row, n) -> 1)
                .single();
    }

    /**
     * Publishes the owner's run and ends it. A run that the gate held back is left as it is.
     *
     * @throws LeaseLostException if the run is no longer the claimant's
     */
    public void publish(Claim claim) {
        lock.take();
        lease.prove(claim);
        String requestedBy = jdbc.sql("select requested_by from run where id = :id and state = 'running'")
                .param("id", claim.runId())
                .query(String.class)
                .optional()
                .orElse(null);
        if (requestedBy == null) {
            return;
        }
        jdbc.sql("""
                        update run
                        set timings = jsonb_set(timings, array[phase], to_jsonb(coalesce((timings ->> phase)::float8, 0)
                              + extract(epoch from clock_timestamp() - phase_started_at)::float8)),
                            finished_at = clock_timestamp()
                        where id = :id
                        """).param("id", claim.runId()).update();
        switchTo(claim.runId(), requestedBy);
    }

    /** Readers see this run from the commit on. Needs {@link RunLock} and sealed storage. */
    void switchTo(long runId, String publishedBy) {
        jdbc.sql("""
                        insert into published_run (run_id, published_at, published_by)
                        values (:id, clock_timestamp(), :by)
                        on conflict (singleton) do update
                          set run_id = excluded.run_id, published_at = excluded.published_at,
                              published_by = excluded.published_by
                        """).param("id", runId).param("by", publishedBy).update();
        jdbc.sql("""
                        update run
                        set state = 'completed', phase = 'done', published_at = clock_timestamp(), published_by = :by
                        where id = :id
                        """).param("id", runId).param("by", publishedBy).update();
    }

    /** Whether a run with a larger id was published, now or earlier: what a run computed before it is out of date. */
    boolean isSuperseded(long runId) {
        return jdbc.sql("select exists (select from run where id > :id and published_at is not null)")
                .param("id", runId)
                .query(Boolean.class)
                .single();
    }
}
