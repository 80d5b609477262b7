package dev.luna.batch.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.luna.batch.snapshot.StoppedException;
import java.sql.Connection;
import java.sql.Statement;
import java.util.List;
import java.util.concurrent.FutureTask;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.jdbc.support.JdbcTransactionManager;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.support.DefaultTransactionStatus;
import org.springframework.transaction.support.TransactionTemplate;

/** Which complete runs are kept, and what goes when. */
class RetentionIT extends Publishing {

    @Test
    void onlyTheNewestRunsAreKept() throws Exception {
        Run first = recompute();
        Run second = recompute();
        assertThat(runs.get(first.id()).storageDroppedAt()).isNull();
        Run third = recompute();

        assertThat(runs.get(first.id()).storageDroppedAt()).isNotNull();
        assertThat(runs.get(first.id()).sentence()).contains("its rankings were dropped");
        assertThat(runs.get(second.id()).storageDroppedAt()).isNull();
        assertThat(runs.list(RunFilter.ALL, null, 10))
                .extracting(Run::id)
                .containsExactly(third.id(), second.id(), first.id());
        assertThat(jdbc.sql("select count(*) from pg_class where relname like '%\\_' || :id and relkind = 'r'")
                        .param("id", first.id())
                        .query(Long.class)
                        .single())
                .isZero();
        assertThat(jobs()).isEqualTo(2);
        assertThatThrownBy(() -> runs.publish(first.id(), "bob", false))
                .isInstanceOf(RunRefusedException.class)
                .hasMessageContaining("its rankings were dropped");
    }

    @Test
    void theChangesOfManyUsersAreForgottenToTheLast() throws Exception {
        jdbc.sql("insert into user_change select gen_random_uuid(), '3' from generate_series(1, 20001)")
                .update();

        recompute();

        assertThat(jdbc.sql("select count(*) from user_change")
                        .query(Long.class)
                        .single())
                .isZero();
    }

    /** Whoever changes one of them waits for the end of it, and no take-over would end it. */
    @Test
    void whatIsForgottenNeedsNoMoreOfAProcessThatFreezes(@Autowired RunLock lock, @Autowired RecomputeSettings settings)
            throws Exception {
        recompute();
        jdbc.sql("update venues set name = name || '!'").update();
        moveEverybody();
        jdbc.sql("update run set snapshot = pg_current_snapshot()").update();
        PlatformTransactionManager frozen = new JdbcTransactionManager(dataSource) {
            @Override
            protected void doCommit(DefaultTransactionStatus status) {
                doRollback(status);
            }
        };

        new Retention(jdbc, lock, settings, frozen).apply();

        for (String changes : List.of("user_change", "venue_change")) {
            assertThat(jdbc.sql("select count(*) from " + changes)
                            .query(Long.class)
                            .single())
                    .as(changes)
                    .isZero();
        }
    }

    @Test
    void runsDroppedLongAgoAreNotReadAgain(
            @Autowired Retention retention, @Autowired PlatformTransactionManager transactions) throws Exception {
        int dropped = 5000;
        jdbc.sql("""
                        insert into run (kind, state, phase, requested_by, profile, settings, storage_dropped_at)
                        select 'full', 'completed', 'done', 'bob', '{}', '{}', now() from generate_series(1, :dropped)
                        """).param("dropped", dropped).update();
        recompute();
        // As autovacuum does.
        jdbc.sql("analyze run").update();

        // Within a transaction, nothing of what a session has counted before is taken away.
        Long read = new TransactionTemplate(transactions).execute(tx -> {
            long before = rowsOfRunsRead();
            retention.apply();
            runs.storage();
            return rowsOfRunsRead() - before;
        });

        assertThat(read).isLessThan(dropped);
    }

    private long rowsOfRunsRead() {
        return jdbc.sql("""
                        select seq_tup_read + idx_tup_fetch from pg_stat_xact_user_tables where relid = 'run'::regclass
                        """).query(Long.class).single();
    }

    @Test
    void thePublishedRunIsKeptHoweverOldItIs() throws Exception {
        Run first = recompute();
        Run second = recompute();
        runs.publish(first.id(), "bob", false);
        jdbc.sql("update users set home_lat = home_lat + 0.0001 where home_lat < 80")
                .update();
        Run third = recompute();

        // Three is published now, so one and two are what may be dropped, and of them the older.
        assertThat(third.published()).isTrue();
        assertThat(runs.get(first.id()).storageDroppedAt()).isNotNull();
        assertThat(runs.get(second.id()).storageDroppedAt()).isNull();

        runs.publish(second.id(), "bob", false);
        moveEverybody();
        Run held = recompute();
        assertThat(held.state()).isEqualTo(RunState.HELD);
        assertThat(runs.get(second.id()).storageDroppedAt()).isNull();
        assertThat(runs.get(third.id()).storageDroppedAt()).isNull();
    }

    @Test
    void refreshesOfThePublishedRunAreKeptHoweverOldItIs() throws Exception {
        Run first = recompute();
        Run refresh = refresh();
        Run sibling = refresh();
        recompute();
        moveEverybody();
        runs.publish(recompute().id(), "bob", true);
        runs.publish(first.id(), "bob", false);

        Run held = recompute();
        assertThat(held.state()).isEqualTo(RunState.HELD);

        assertThat(runs.get(refresh.id()).storageDroppedAt()).isNull();
        assertThat(runs.publish(refresh.id(), "bob", false).published()).isTrue();

        recompute();
        recompute();

        for (Run kept : List.of(first, refresh, sibling)) {
            assertThat(runs.get(kept.id()).storageDroppedAt()).isNull();
        }
        // They are not in the way of what is to go, either.
        assertThat(runs.get(held.id()).storageDroppedAt()).isNotNull();
    }

    @Test
    void aLongReaderIsNotHeldUpAndTheOldRunGoesLater() throws Exception {
        Run first = recompute();
        recompute();

        Run third = recomputeBesideAReader();

        assertThat(third.state()).isEqualTo(RunState.COMPLETED);
        assertThat(runs.get(first.id()).storageDroppedAt()).isNull();

        recompute();

        assertThat(runs.get(first.id()).storageDroppedAt()).isNotNull();
    }

    @Test
    void recordsOfAJobThatCannotBeDeletedDoNotMakeTheNextOneAFailure() throws Exception {
        recompute();
        recompute();
        jdbc.sql("""
                        create function test_refuse() returns trigger language plpgsql as $$
                        begin
                          raise exception 'the records stay';
                        end
                        $$
                        """).update();
        jdbc.sql("""
                        create trigger test_refuse before delete on batch_job_instance
                        for each row execute function test_refuse()
                        """).update();
        try {
            recompute();
        } finally {
            jdbc.sql("drop function test_refuse cascade").update();
        }

        assertThat(jdbc.sql("select status from batch_job_execution")
                        .query(String.class)
                        .list())
                .containsExactly("COMPLETED", "COMPLETED", "COMPLETED");
        recompute();
        assertThat(jobs()).as("gone with the next").isEqualTo(2);
    }

    /** There each table needs a key, or nothing in it may be changed. */
    @Test
    void aDatabaseWhoseTablesAreAllPublishedForgetsItsOldRunsToo() throws Exception {
        jdbc.sql("create publication test_all_tables for all tables").update();
        try {
            recompute();
            recompute();
            recompute();
            refresh();
        } finally {
            jdbc.sql("drop publication test_all_tables").update();
        }

        assertThat(jobs()).isEqualTo(3);
    }

    @Test
    void aRunThatCannotBeDroppedIsTriedForAWhileOnceUnlessTheOneToComeIsStopped(@Autowired Retention retention)
            throws Exception {
        Run first = recompute();
        recompute();
        recomputeBesideAReader();
        AtomicInteger attempts = new AtomicInteger();
        try (Connection reader = dataSource.getConnection();
                Statement statement = reader.createStatement()) {
            reader.setAutoCommit(false);
            statement.execute("select count(*) from venue_ranking");

            assertThatThrownBy(() -> retention.makeRoom(() -> attempts.incrementAndGet() > 2))
                    .isInstanceOf(StoppedException.class);
            assertThat(attempts).hasValue(3);
            retention.makeRoom(() -> attempts.incrementAndGet() < 0);
            assertThat(attempts).hasValue(3 + Retention.ATTEMPTS);
            reader.rollback();
        }

        assertThat(runs.get(first.id()).storageDroppedAt()).isNull();
    }

    @Test
    void aRunThatIsPublishedWhileItsDropWaitsIsKept(@Autowired Retention retention) throws Exception {
        Run first = recompute();
        recompute();
        recomputeBesideAReader();
        FutureTask<List<Long>> retaining = new FutureTask<>(retention::apply);
        try (Connection publisher = dataSource.getConnection();
                Statement statement = publisher.createStatement()) {
            publisher.setAutoCommit(false);
            statement.execute("select pg_advisory_xact_lock(" + RunLock.KEY + ")");
            new Thread(retaining).start();
            Eventually.holds("the drop waits", () -> Sessions.isRunLockAwaited(jdbc));

            statement.execute("update published_run set run_id = " + first.id());
            publisher.commit();
        }
        retaining.get();

        assertThat(runs.get(first.id()).storageDroppedAt()).isNull();
    }

    private long jobs() {
        return jdbc.sql("select count(*) from batch_job_instance")
                .query(Long.class)
                .single();
    }

    /** Somebody looks at all rankings meanwhile, so that none can be dropped. */
    private Run recomputeBesideAReader() throws Exception {
        try (Connection reader = dataSource.getConnection();
                Statement statement = reader.createStatement()) {
            reader.setAutoCommit(false);
            statement.execute("select count(*) from venue_ranking");
            Run run = recompute();
            reader.rollback();
            return run;
        }
    }
}
