package dev.luna.batch.run;

import dev.luna.batch.database.SqlFailure;
import dev.luna.batch.snapshot.StopRequest;
import dev.luna.batch.snapshot.StoppedException;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.dao.DataAccessException;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * Drops what need not be kept: complete runs beyond the newest few, and unfinished or held runs beyond as many or that a newer
 * published run has overtaken, which a refresh does to refreshes only. Full and refresh runs are counted apart, so that hourly
 * refreshes do not push out last night's run; a refresh goes with its base. The published run and its base always stay. Their
 * rows in table run stay as history, but the record of changed inputs is cut down to what one of the kept full runs has not
 * seen. Who removes them has a run himself, which stays for the time being, held or not. Thread-safe.
 *
 * <p>Dropping a run locks out readers of the tables that its four partitions are in; most reads name the published run's own
 * instead. Each of these locks is waited for only briefly, so that the others are held up for some 1.2 s at most, and then
 * all is tried again; a run that cannot be dropped is left for the next time.
 */
@Component
public class Retention {

    private static final Logger log = LoggerFactory.getLogger(Retention.class);

    static final int ATTEMPTS = 10;
    private static final long PAUSE_MILLIS = 100;

    /** A user among them waits for all of them with his next change: some tenths of a second. */
    private static final int USERS_AT_ONCE = 10_000;

    private static final String KEPT_SNAPSHOTS = """
            array(select snapshot from run where kind = 'full' and storage_dropped_at is null and snapshot is not null)
            """;

    private final JdbcClient jdbc;
    private final RunLock lock;
    private final RecomputeSettings settings;
    private final TransactionTemplate transaction;

    Retention(JdbcClient jdbc, RunLock lock, RecomputeSettings settings, PlatformTransactionManager transactions) {
        this.jdbc = jdbc;
        this.lock = lock;
        this.settings = settings;
        this.transaction = new TransactionTemplate(transactions);
        this.transaction.setPropagationBehavior(TransactionTemplate.PROPAGATION_REQUIRES_NEW);
    }

    /**
     * Drops the storage of runs that need not be kept. Not within a transaction: that would keep writers waiting until its end.
     *
     * @return ids of all runs without storage whose computation may be forgotten, those dropped earlier included
     */
    public List<Long> apply() {
        dropRuns(() -> false);
        forgetInputChanges();
        return jdbc.sql(
                        "select id from run where storage_dropped_at is not null and job_execution_id is not null order by id")
                .query(Long.class)
                .list();
    }

    /**
     * Drops what need not be kept before a run takes its room, for those that failed or were stopped before got no further.
     * What cannot be dropped is left to the end of a run.
     *
     * @param stopped asked before each attempt
     * @throws StoppedException if {@code stopped} said true; what was dropped is dropped
     */
    public void makeRoom(StopRequest stopped) {
        try {
            dropRuns(stopped);
        } catch (DataAccessException e) {
            log.warn("Old runs could not be dropped before a new one", e);
        }
    }

    private void dropRuns(StopRequest stopped) {
        Set<Long> tried = new HashSet<>();
        // Refreshes first; then their bases may go too.
        for (int round = 0; round < 2; round++) {
            for (long id : droppable()) {
                if (tried.add(id)) {
                    drop(id, stopped);
                }
            }
        }
    }

    /** The computation's records of this run are gone. */
    public void forgotten(long runId) {
        jdbc.sql("update run set job_execution_id = null where id = :id")
                .param("id", runId)
                .update();
    }

    private List<Long> droppable() {
        return jdbc.sql("""
                        select r.id from run r
                        where r.storage_dropped_at is null
                          and r.state <> 'running'
                          and not exists (select from run_lease l where l.run_id = r.id)
                          and not exists (select from published_run p where p.run_id = r.id)
                          and not exists (select from run f where f.base_run_id = r.id and f.storage_dropped_at is null)
                          and case when r.state = 'completed'
                                then r.id not in (select k.id from run k
                                                  where k.kind = r.kind
                                                    and k.state = 'completed' and k.storage_dropped_at is null
                                                  order by k.id desc limit :keep)
                                  or (r.base_run_id not in (select k.id from run k
                                                            where k.kind = 'full'
                                                              and k.state = 'completed' and k.storage_dropped_at is null
                                                            order by k.id desc limit :keep)
                                      and not exists (select from published_run p join run n on n.id = p.run_id
                                                      where r.base_run_id in (n.id, n.base_run_id)))
                                else exists (select from run n where %s)
                                  or r.id not in (select k.id from run k
                                                  where k.kind = r.kind
                                                    and k.state not in ('running', 'completed')
                                                    and k.storage_dropped_at is null
                                                  order by k.id desc limit :keep)
                              end
                        order by r.id
                        """.formatted(RunRow.OVERTAKES))
                .param("keep", settings.keepRuns())
                .query(Long.class)
                .list();
    }

    /**
     * What every kept full run has seen can matter to nobody: readers and refreshes compare with one of their snapshots. Each
     * statement is committed by itself, so that neither users nor venues keep writers waiting for the other, nor many users
     * for all of them, and a process that freezes here keeps nobody waiting: it holds no proof that a take-over would end.
     */
    private void forgetInputChanges() {
        Optional<UUID> next = Optional.of(new UUID(0, 0));
        while (next.isPresent()) {
            UUID first = next.get();
            next = jdbc.sql("select forget_user_changes(" + KEPT_SNAPSHOTS + ", :first, :portion)")
                    .param("first", first)
                    .param("portion", USERS_AT_ONCE)
                    .query(UUID.class)
                    .optional();
        }
        jdbc.sql("select forget_venue_changes(" + KEPT_SNAPSHOTS + ")")
                .query((row, n) -> 1)
                .list();
    }

    private void drop(long runId, StopRequest stopped) {
        for (int attempt = 1; ; attempt++) {
            if (stopped.getAsBoolean()) {
                throw new StoppedException("dropping old runs");
            }
            try {
                transaction.executeWithoutResult(tx -> {
                    lock.take();
                    // A run that was published or resumed since it was chosen stays.
                    if (droppable().contains(runId)) {
                        jdbc.sql("set local lock_timeout = '200ms'").update();
                        jdbc.sql("select drop_run_storage(:id)")
                                .param("id", runId)
                                .query((row, n) -> 1)
                                .single();
                    }
                });
                return;
            } catch (DataAccessException e) {
                if (!SqlFailure.isLockTimeout(e)) {
                    throw e;
                }
                if (attempt == ATTEMPTS || !Pause.of(PAUSE_MILLIS)) {
                    log.warn("Run {} is still being read and was not dropped; the next run tries again", runId);
                    return;
                }
            }
        }
    }
}
