package dev.luna.batch.run;

import java.util.List;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/** The pointer that readers follow. Every method joins the caller's transaction. Thread-safe. */
@Component
public class Publication {

    private final JdbcClient jdbc;
    private final RunStore store;
    private final RunLock lock;
    private final RunLease lease;

    Publication(JdbcClient jdbc, RunStore store, RunLock lock, RunLease lease) {
        this.jdbc = jdbc;
        this.store = store;
        this.lock = lock;
        this.lease = lease;
    }

    /**
     * Completes the rows of a refresh, by saying of each of its users who has no friends that he has none; before the keys.
     * Repeating it changes nothing, and it does nothing for a full run.
     */
    public void completeRows(Claim claim) {
        call(claim, "select complete_refresh_rankings(id) from run where id = :id and kind = 'refresh'");
    }

    /** Gives a complete run's ranked venues their key. Repeating it changes nothing. */
    public void keyVenues(Claim claim) {
        call(claim, "select key_run_rankings(:id, 'venue_ranking')");
    }

    /** Gives a complete run's ranked companions their key. Repeating it changes nothing. */
    public void keyCompanions(Claim claim) {
        call(claim, "select key_run_rankings(:id, 'companion_ranking')");
    }

    /** Joins a complete run's storage to the tables that readers use. Repeating it changes nothing. */
    public void seal(Claim claim) {
        call(claim, "select seal_run_storage(:id)");
    }

    private void call(Claim claim, String sql) {
        lease.prove(claim);
        jdbc.sql(sql).param("id", claim.runId()).query((row, n) -> 1).list();
    }

    /**
     * Publishes the owner's run and ends it; or holds it back, if one that began later has put it out of date meanwhile, or a
     * refresh if readers were moved since it began. A run that the gate held back is left as it is.
     *
     * @throws LeaseLostException if the run is no longer the claimant's
     */
    public void publish(Claim claim) {
        if (store.get(claim.runId()).state() != RunState.RUNNING) {
            lease.prove(claim); // What comes next in this transaction is the step's record.
            return;
        }
        // Only who takes the run over ends it meanwhile, and then the proof fails.
        lock.takeToPublish();
        lease.prove(claim);
        jdbc.sql("""
                        update run
                        set timings = %s,
                            finished_at = clock_timestamp()
                        where id = :id
                        """.formatted(PhaseTime.ADDED)).param("id", claim.runId()).update();
        Run run = store.get(claim.runId());
        RunSentence.overtaking(run)
                .ifPresentOrElse(reason -> hold(run.id(), reason), () -> switchTo(run.id(), run.requestedBy()));
    }

    private void hold(long runId, String reason) {
        jdbc.sql("update run set state = 'held', gate = coalesce(gate, '[]') || cast(:check as jsonb) where id = :id")
                .param("check", JsonColumns.write(List.of(GateCheck.of("readers_unmoved", 0, 1, 1, reason))))
                .param("id", runId)
                .update();
    }

    /**
     * Whether publishing the run changes anything: not if it is published.
     *
     * @param force also a run that the gate held back
     * @throws RunRefusedException if it is not complete, held by the gate without {@code force}, or its rankings were dropped
     */
    static boolean isToPublish(Run run, boolean force) {
        if (run.published()) {
            return false;
        }
        switch (run.state()) {
            case RUNNING, STOPPED, FAILED ->
                throw new RunRefusedException(
                        "Run %d is not complete. %s".formatted(run.id(), RunSentence.refusing(run)), run);
            case HELD -> {
                if (!force && run.isHeldByGate()) {
                    throw new RunRefusedException("Run %d is held. %s".formatted(run.id(), run.sentence()));
                }
            }
            case COMPLETED -> {}
        }
        if (run.storageDroppedAt() != null) {
            throw new RunRefusedException(
                    "Run %d cannot be published: its rankings were dropped at %s. `luna runs` shows which are kept, `luna recompute` makes new ones"
                            .formatted(run.id(), run.storageDroppedAt()));
        }
        return true;
    }

    /** Readers see this run from the commit on. Needs {@link RunLock#takeToPublish} and sealed storage. */
    void switchTo(long runId, String publishedBy) {
        jdbc.sql("""
                        update run
                        set state = 'completed', phase = 'done', published_at = clock_timestamp(), published_by = :by,
                            replaced_run_id = (select run_id from published_run)
                        where id = :id
                        """).param("id", runId).param("by", publishedBy).update();
        jdbc.sql("""
                        insert into published_run (run_id, published_at, published_by)
                        values (:id, clock_timestamp(), :by)
                        on conflict (singleton) do update
                          set run_id = excluded.run_id, published_at = excluded.published_at,
                              published_by = excluded.published_by, publications = published_run.publications + 1
                        """).param("id", runId).param("by", publishedBy).update();
    }
}
