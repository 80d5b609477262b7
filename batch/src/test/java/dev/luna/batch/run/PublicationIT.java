package dev.luna.batch.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.sql.Connection;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentSkipListSet;
import java.util.concurrent.FutureTask;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What readers see, and how to go back. */
class PublicationIT extends Publishing {

    @Test
    void readersSeeTheRunBeforeInFullUntilTheSwitch() throws Exception {
        Run first = recompute();
        jdbc.sql("delete from users where id = md5('user5')::uuid").update();
        AtomicBoolean ended = new AtomicBoolean();
        Set<String> wrong = new ConcurrentSkipListSet<>();
        Set<Long> seen = new ConcurrentSkipListSet<>();
        FutureTask<Void> reader = new FutureTask<>(() -> {
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
                    if (row.getLong("users") != users || row.getLong("bytes") != users * LIST_BYTES) {
                        wrong.add("%d bytes of %d lists of %d"
                                .formatted(row.getLong("bytes"), row.getLong("users"), users));
                    }
                });
            }
            return null;
        });

        Run second;
        try (Brake brake = Brake.at(dataSource, 32)) {
            Run run = runs.start(RunKind.FULL, "ada");
            new Thread(reader).start();
            brake.awaitBraked(run.id());
            Eventually.holds("the reader saw the first run", () -> reader.isDone() || seen.contains(first.id()));
            assertThat(runs.published().map(Run::id)).contains(first.id());
            brake.release();
            second = runs.await(run.id(), progress -> {});
            Eventually.holds("the reader saw the second run", () -> reader.isDone() || seen.contains(run.id()));
        } finally {
            ended.set(true);
        }
        reader.get();

        assertThat(wrong).as("seen of a run that was not whole").isEmpty();
        assertThat(seen).containsExactly(first.id(), second.id());
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
        assertThat(runs.get(second.id()).isPublishable()).isTrue();
        assertThat(jdbc.sql("select count(distinct user_id) from published_venue_ranking where run_id = :run")
                        .param("run", first.id())
                        .query(Long.class)
                        .single())
                .isEqualTo(USERS);
    }

    @Test
    void aSwitchThatWaitsForAnImportKeepsNobodyFromDeciding() throws Exception {
        Run first = recompute();
        recompute();
        List<Callable<Run>> switches = List.of(() -> runs.publish(first.id(), "bob", false), this::recompute);
        List<Run> waiting = new ArrayList<>();

        for (Callable<Run> change : switches) {
            FutureTask<Run> switched = new FutureTask<>(change);
            try (Connection importing = dataSource.getConnection();
                    Statement statement = importing.createStatement()) {
                importing.setAutoCommit(false);
                statement.execute("update venues set rating = 3 where id = md5('venue1')::uuid");
                new Thread(switched).start();
                Eventually.holds("the switch waits", () -> Sessions.isRowAwaited(jdbc, "venue_catalog"));

                assertThat(Sessions.isRunLockFree(jdbc)).isTrue();
                waiting.addAll(runs.list(new RunFilter(Set.of(RunState.RUNNING), null), null, 1));
                importing.commit();
            }
            assertThat(switched.get().published()).isTrue();
        }
        assertThat(waiting)
                .singleElement()
                .satisfies(
                        run -> assertThat(run.sentence())
                                .endsWith(
                                        "; it waits as long as a transaction that changed venues, such as an import, is open."));
    }

    @Test
    void whoAsksForASwitchIsRefusedWhileAnImportDoesNotEnd() throws Exception {
        Run first = recompute();
        Run second = recompute();
        try (Connection importing = dataSource.getConnection();
                Statement statement = importing.createStatement()) {
            importing.setAutoCommit(false);
            statement.execute("update venues set rating = 3 where id = md5('venue1')::uuid");

            assertThatThrownBy(() -> runs.publish(first.id(), "bob", false))
                    .isInstanceOf(RunRefusedException.class)
                    .hasMessage(
                            "Run %d was not published: a transaction that changed venues, such as an import, has not ended; try again when it has",
                            first.id());
            assertThat(runs.publish(second.id(), "bob", false))
                    .as("nothing changes")
                    .isEqualTo(runs.get(second.id()));
            importing.rollback();
        }
        assertThat(runs.published().map(Run::id)).contains(second.id());
        assertThat(runs.publish(first.id(), "bob", false).published()).isTrue();
    }

    /** As for one who stands in line between transactions that wait for each other. */
    @Test
    void whoAsksForASwitchIsRefusedWhereADeadlockEndsIt() throws Exception {
        Run first = recompute();
        Run second = recompute();
        jdbc.sql("""
                        create function test_deadlock() returns trigger language plpgsql as $$
                        begin
                          raise exception 'deadlock detected' using errcode = 'deadlock_detected';
                        end
                        $$
                        """).update();
        jdbc.sql(
                        "create trigger test_deadlock before insert on published_run for each row execute function test_deadlock()")
                .update();
        try {
            assertThatThrownBy(() -> runs.publish(first.id(), "bob", false))
                    .isInstanceOf(RunRefusedException.class)
                    .hasMessageContaining("a transaction that changed venues, such as an import, has not ended");
        } finally {
            jdbc.sql("drop function test_deadlock cascade").update();
        }
        assertThat(runs.published().map(Run::id)).contains(second.id());
    }

    @Test
    void aRunThatIsNotCompleteIsNotPublishedNotEvenByForce() throws Exception {
        Run first = recompute();
        Run stopped = stoppedInScoring();

        for (RunState state : List.of(RunState.STOPPED, RunState.FAILED, RunState.RUNNING)) {
            jdbc.sql("update run set state = :state where id = :id")
                    .param("state", state.name().toLowerCase(Locale.ROOT))
                    .param("id", stopped.id())
                    .update();
            for (boolean force : new boolean[] {false, true}) {
                assertThatThrownBy(() -> runs.publish(stopped.id(), "bob", force))
                        .as(state + " " + force)
                        .isInstanceOf(RunRefusedException.class)
                        .hasMessageStartingWith("Run %d is not complete. ", stopped.id());
            }
        }
        assertThat(runs.published().map(Run::id)).contains(first.id());
    }

    @Test
    void aRunThatIsDroppedWhileItsSwitchWaitsIsNotPublished() throws Exception {
        Run first = recompute();
        Run second = recompute();
        FutureTask<Run> switched = new FutureTask<>(() -> runs.publish(first.id(), "bob", false));
        try (Connection importing = dataSource.getConnection();
                Statement statement = importing.createStatement()) {
            importing.setAutoCommit(false);
            statement.execute("update venues set rating = 3 where id = md5('venue1')::uuid");
            new Thread(switched).start();
            Eventually.holds("the switch waits", () -> Sessions.isRowAwaited(jdbc, "venue_catalog"));

            jdbc.sql("update run set storage_dropped_at = now() where id = :id")
                    .param("id", first.id())
                    .update();
            importing.commit();
        }

        assertThatThrownBy(switched::get)
                .hasRootCauseInstanceOf(RunRefusedException.class)
                .hasMessageContaining("Run %d cannot be published: its rankings were dropped", first.id());
        assertThat(runs.published().map(Run::id)).contains(second.id());
    }

    @Test
    void storageIsKnownAhead() throws Exception {
        RunStorage before = runs.storage();
        assertThat(before.runs()).isZero();
        assertThat(before.measured()).isFalse();
        // For each of 200 users, in two kept full runs and two refreshes.
        assertThat(before.expectedBytes()).isEqualTo(LIST_BYTES * USERS * 4);

        Run run = recompute();

        RunStorage after = runs.storage();
        assertThat(after.runs()).isEqualTo(1);
        assertThat(after.measured()).isTrue();
        assertThat(after.bytes()).isEqualTo(run.storageBytes()).isPositive();
        assertThat(after.bytesPerUser()).isEqualTo(run.storageBytes() / USERS);
        assertThat(after.expectedBytes()).isEqualTo(after.bytesPerUser() * USERS * 4);
    }

    @Test
    void refreshesOfEverybodyAreKnownAheadToo() throws Exception {
        recompute();
        for (int n = 0; n < 2; n++) {
            jdbc.sql("update users set home_lat = home_lat + 0.0001 where home_lat < 80")
                    .update();
            runs.await(runs.start(RunKind.REFRESH, "ada").id(), progress -> {});
        }

        RunStorage storage = runs.storage();

        assertThat(storage.runs()).isEqualTo(3);
        assertThat(storage.expectedBytes()).isGreaterThanOrEqualTo(storage.bytes());
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void aStoppedRunIsOutOfDateOnceANewerOneIsPublished(boolean isRestarted) throws Exception {
        recompute();
        moveEverybody();
        Run stopped = stoppedInScoring();
        // Nothing is dropped when a run that was held is published by hand.
        Run newer = held();
        runs.publish(newer.id(), "bob", true);

        assertThat(runs.get(stopped.id()).storageDroppedAt()).isNull();
        assertThat(runs.get(stopped.id()).sentence())
                .endsWith(
                        "It cannot be resumed: run %d, which began later, was published meanwhile; start a new one with `luna recompute`."
                                .formatted(newer.id()));
        assertThatThrownBy(() -> runs.restart(stopped.id(), "bob"))
                .isInstanceOf(RunRefusedException.class)
                .hasMessageContaining("run %d, which began later, was published meanwhile", newer.id());

        // As if its process had died instead: then it is resumed, and gets no further than to be held.
        jdbc.sql("delete from run_stop").update();
        jdbc.sql("update run set state = 'running', finished_at = null where id = :id")
                .param("id", stopped.id())
                .update();
        assertHeldBeside(
                newer,
                isRestarted
                        ? runs.restart(stopped.id(), "bob")
                        : runs.resumeAbandoned().orElseThrow());
    }

    @Test
    void aRestartedRunIsOutOfDateOnceANewerOneIsPublished() throws Exception {
        recompute();
        moveEverybody();
        Run stopped = stoppedInScoring();
        Run newer = held();

        Run restarted;
        try (Brake brake = Brake.at(dataSource, 32)) {
            restarted = runs.restart(stopped.id(), "bob");
            brake.awaitBraked(stopped.id());
            runs.publish(newer.id(), "bob", true);
        }

        assertHeldBeside(newer, restarted);
        assertThat(runs.publish(stopped.id(), "bob", true).forcedBy()).isEqualTo("bob");
    }

    private Run held() throws InterruptedException {
        Run held = recompute();
        assertThat(held.state()).as(held.sentence()).isEqualTo(RunState.HELD);
        return held;
    }

    /** Else who drops the run would wait for a process that froze there. */
    @Test
    void whatIsHeldIsRecordedUnderAProof() throws Exception {
        recompute();
        moveEverybody();
        jdbc.sql("""
                        create table recorded (proofs bigint);
                        create rule recorded as on update to batch_step_execution where old.step_name = 'publication'
                          do also insert into recorded select count(*) from pg_locks
                            where pid = pg_backend_pid() and relation = 'run_lease'::regclass and mode = 'RowShareLock'
                        """).update();
        Run held = recompute();
        Long proofs =
                jdbc.sql("select max(proofs) from recorded").query(Long.class).single();
        jdbc.sql("drop table recorded cascade").update();
        assertThat(held.state()).as(held.sentence()).isEqualTo(RunState.HELD);
        assertThat(proofs).isPositive();
    }

    private void assertHeldBeside(Run newer, Run resumed) throws InterruptedException {
        Run ended = runs.await(resumed.id(), progress -> {});
        assertThat(ended.state()).as(ended.sentence()).isEqualTo(RunState.HELD);
        assertThat(ended.sentence())
                .contains("run %d, which began later, was published meanwhile. Readers keep the run that is published"
                        .formatted(newer.id()));
        assertThat(runs.published().map(Run::id)).contains(newer.id());
    }
}
