package dev.luna.batch.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.sql.Connection;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentSkipListSet;
import java.util.concurrent.FutureTask;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;

/** What readers see, how to go back, and what is kept. */
class PublicationIT extends Publishing {

    @Test
    void readersSeeTheRunBeforeInFullUntilTheSwitch() throws Exception {
        Run first = recompute();
        jdbc.sql("delete from users where id = md5('user5')::uuid").update();
        AtomicBoolean ended = new AtomicBoolean();
        AtomicLong wrong = new AtomicLong();
        Set<Long> seen = new ConcurrentSkipListSet<>();
        Thread reader = new Thread(() -> {
            while (!ended.get()) {
                jdbc.sql("""
                                select p.run_id, n.users_total, n.venues_total, count(r.user_id) as users,
                                       coalesce(sum(length(r.ranking)), 0) as bytes
                                from published_run p
                                join run n on n.id = p.run_id
                                left join venue_ranking r on r.run_id = p.run_id
                                group by 1, 2, 3
                                """).query(row -> {
                    seen.add(row.getLong("run_id"));
                    long users = row.getLong("users_total");
                    if (row.getLong("users") != users || row.getLong("bytes") != users * 50 * 16) {
                        wrong.incrementAndGet();
                    }
                });
            }
        });

        Run second;
        try (Brake brake = Brake.at(dataSource, 32)) {
            Run run = runs.start(RunKind.FULL, "ada");
            reader.start();
            brake.awaitBraked(run.id());
            assertThat(runs.published().map(Run::id)).contains(first.id());
            brake.release();
            second = runs.await(run.id(), progress -> {});
        } finally {
            Eventually.holds("the reader saw something", () -> !seen.isEmpty());
            ended.set(true);
            reader.join();
        }

        assertThat(wrong).hasValue(0);
        assertThat(seen).contains(first.id()).isSubsetOf(first.id(), second.id());
        assertThat(runs.published().map(Run::id)).contains(second.id());
    }

    @Test
    void aKeptRunCanBePublishedAgainAtOnce() throws Exception {
        Run first = recompute();
        Run second = recompute();
        assertThat(runs.published().map(Run::id)).contains(second.id());

        Run again = runs.publish(first.id(), "bob", false);

        assertThat(again.published()).isTrue();
        assertThat(again.publishedBy()).isEqualTo("bob");
        assertThat(runs.publish(first.id(), "carol", false)).isEqualTo(again);
        assertThat(runs.get(second.id()).published()).isFalse();
        assertThat(runs.get(second.id()).publishable()).isTrue();
        assertThat(jdbc.sql("select count(distinct user_id) from published_venue_ranking where run_id = :run")
                        .param("run", first.id())
                        .query(Long.class)
                        .single())
                .isEqualTo(USERS);
    }

    @Test
    void storageIsKnownAhead() throws Exception {
        RunStorage before = runs.storage();
        assertThat(before.runs()).isZero();
        assertThat(before.measured()).isFalse();
        // 50 ranked venues of 16 bytes for each of 200 users, in two kept runs.
        assertThat(before.expectedBytes()).isEqualTo(50L * 16 * USERS * 2);

        Run run = recompute();

        RunStorage after = runs.storage();
        assertThat(after.runs()).isEqualTo(1);
        assertThat(after.measured()).isTrue();
        assertThat(after.bytes()).isEqualTo(run.storageBytes()).isPositive();
        assertThat(after.bytesPerUser()).isEqualTo(run.storageBytes() / USERS);
        assertThat(after.expectedBytes()).isEqualTo(after.bytesPerUser() * USERS * 2);
    }

    @Test
    void onlyTheNewestRunsAreKept() throws Exception {
        Run first = recompute();
        Run second = recompute();
        assertThat(runs.get(first.id()).storageDroppedAt()).isNull();
        Run third = recompute();

        assertThat(runs.get(first.id()).storageDroppedAt()).isNotNull();
        assertThat(runs.get(first.id()).sentence()).contains("its rankings were dropped");
        assertThat(runs.get(second.id()).storageDroppedAt()).isNull();
        assertThat(runs.list(null, 10)).extracting(Run::id).containsExactly(third.id(), second.id(), first.id());
        assertThat(jdbc.sql("select count(*) from pg_class where relname like '%\\_' || :id and relkind = 'r'")
                        .param("id", first.id())
                        .query(Long.class)
                        .single())
                .isZero();
        assertThat(jdbc.sql("select count(*) from batch_job_instance")
                        .query(Long.class)
                        .single())
                .isEqualTo(2);
        assertThatThrownBy(() -> runs.publish(first.id(), "bob", false))
                .isInstanceOf(RunRefusedException.class)
                .hasMessageContaining("its rankings were dropped");
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
    void aStoppedRunIsOutOfDateOnceANewerOneIsPublished() throws Exception {
        recompute();
        Run stopped;
        try (Brake brake = Brake.at(dataSource, 32)) {
            Run run = runs.start(RunKind.FULL, "ada");
            brake.awaitBraked(run.id());
            runs.stop(run.id(), "bob");
            brake.release();
            stopped = runs.await(run.id(), progress -> {});
        }
        assertThat(stopped.state()).as(stopped.sentence()).isEqualTo(RunState.STOPPED);
        moveEverybody();
        // Nothing is dropped when a run that was held is published by hand.
        runs.publish(recompute().id(), "bob", true);

        assertThat(runs.get(stopped.id()).storageDroppedAt()).isNull();
        assertThatThrownBy(() -> runs.restart(stopped.id(), "bob"))
                .isInstanceOf(RunRefusedException.class)
                .hasMessageContaining("a newer run was published since");
    }

    @Test
    void aRunThatIsHeldTakesNoPlaceOfThoseThatAreKept() throws Exception {
        Run first = recompute();
        recompute();
        moveEverybody();

        Run held = recompute();

        assertThat(held.state()).as(held.sentence()).isEqualTo(RunState.HELD);
        assertThat(runs.get(first.id()).storageDroppedAt()).isNull();
    }

    @Test
    void refreshesOfThePublishedRunAreKeptHoweverOldItIs() throws Exception {
        Run first = recompute();
        Run refresh = runs.await(runs.start(RunKind.REFRESH, "ada").id(), progress -> {});
        recompute();
        moveEverybody();
        runs.publish(recompute().id(), "bob", true);
        runs.publish(first.id(), "bob", false);

        assertThat(recompute().state()).isEqualTo(RunState.HELD);

        assertThat(runs.get(refresh.id()).storageDroppedAt()).isNull();
        assertThat(runs.publish(refresh.id(), "bob", false).published()).isTrue();
    }

    @Test
    void ofHeldRunsOnlyTheNewestAreKept() throws Exception {
        Run published = recompute();
        moveEverybody();
        Run first = recompute();
        Run second = recompute();
        Run third = recompute();
        assertThat(third.state()).isEqualTo(RunState.HELD);

        assertThat(runs.get(first.id()).storageDroppedAt()).isNotNull();
        assertThat(runs.get(second.id()).storageDroppedAt()).isNull();
        assertThat(runs.get(published.id()).storageDroppedAt()).isNull();
        assertThatThrownBy(() -> runs.publish(first.id(), "bob", true))
                .isInstanceOf(RunRefusedException.class)
                .hasMessageContaining("its rankings were dropped");
        assertThatThrownBy(() -> runs.restart(first.id(), "bob"))
                .isInstanceOf(RunRefusedException.class)
                .hasMessageContaining("its rankings were dropped");
        assertThat(runs.publish(third.id(), "bob", true).published()).isTrue();
    }

    @Test
    void ofFailedRunsOnlyTheNewestAreKeptBesideTheOneUnderWay() throws Exception {
        List<Run> failed = new ArrayList<>();
        jdbc.sql("alter table run add constraint test_failure check (phase <> 'scoring') not valid")
                .update();
        try {
            for (int n = 0; n < 4; n++) {
                failed.add(recompute());
            }
        } finally {
            jdbc.sql("alter table run drop constraint test_failure").update();
        }

        assertThat(failed).extracting(Run::state).containsOnly(RunState.FAILED);
        assertThat(failed)
                .extracting(run -> runs.get(run.id()).storageDroppedAt() != null)
                .containsExactly(true, false, false, false);
        assertThatThrownBy(() -> runs.restart(failed.get(0).id(), "bob"))
                .isInstanceOf(RunRefusedException.class)
                .hasMessageStartingWith(
                        "Run %d cannot be resumed: Failed", failed.get(0).id())
                .hasMessageContaining("dropped");
        Run ended = runs.await(runs.restart(failed.get(3).id(), "bob").id(), progress -> {});
        assertThat(ended.published()).as(ended.sentence()).isTrue();
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
            Eventually.holds(
                    "the drop waits", () -> jdbc.sql("""
                            select exists (
                              select from pg_locks l join pg_database d on d.oid = l.database
                              where d.datname = current_database() and l.locktype = 'advisory' and not l.granted)
                            """).query(Boolean.class).single());

            statement.execute("update published_run set run_id = " + first.id());
            publisher.commit();
        }
        retaining.get();

        assertThat(runs.get(first.id()).storageDroppedAt()).isNull();
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
