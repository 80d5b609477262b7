package dev.luna.batch.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.sql.Connection;
import java.sql.Statement;
import java.time.Instant;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.dao.DataAccessException;

/** What becomes of the nightly full run when a refresh or a trial was there before it. */
class ScheduledRunsIT extends Refreshing {

    private static final Instant TWO_O_CLOCK = Instant.parse("2030-01-31T02:00:00Z");

    @Autowired
    private RunStarts starts;

    @Test
    void aFullRunOfTheScheduleOutwaitsARefreshThatIsUnderWay() throws Exception {
        run(RunKind.FULL);
        new RandomEdits(jdbc, 92, USERS, VENUES).make(12);
        FutureTask<StartedRun> tick = new FutureTask<>(() -> runs.startScheduled(RunKind.FULL, TWO_O_CLOCK));
        Run refresh;
        try (Brake brake = Brake.at(dataSource, 24)) {
            refresh = runs.start(RunKind.REFRESH, "ada");
            brake.awaitBraked(refresh.id());
            letDecideOnce(tick);
            assertThatThrownBy(() -> runs.startScheduled(RunKind.REFRESH, Instant.parse("2030-01-31T02:30:00Z")))
                    .isInstanceOf(RunRefusedException.class)
                    .hasMessageContaining("Run %d is already under way", refresh.id());
            brake.release();
        }

        assertFullRunAfter(refresh, tick.get(1, TimeUnit.MINUTES));
        assertThat(runs.get(refresh.id()).publishedBy()).isEqualTo("ada");
    }

    @Test
    void aFullRunOfTheScheduleComesAfterARefreshThatItResumes() throws Exception {
        run(RunKind.FULL);
        new RandomEdits(jdbc, 91, USERS, VENUES).make(12);
        Run refresh;
        try (Brake brake = Brake.at(dataSource, 24)) {
            refresh = runs.start(RunKind.REFRESH, "ada");
            brake.awaitBraked(refresh.id());
            runs.stop(refresh.id(), "bob");
            brake.release();
            runs.await(refresh.id(), progress -> {});
        }
        // As if its process had died instead.
        jdbc.sql("delete from run_stop").update();
        jdbc.sql("update run set state = 'running', finished_at = null where id = :id")
                .param("id", refresh.id())
                .update();

        assertFullRunAfter(refresh, runs.startScheduled(RunKind.FULL, TWO_O_CLOCK));
    }

    @Test
    void ticksOfBothKindsAtOneMomentHaveARunEach() throws Exception {
        await(runs.startScheduled(RunKind.FULL, TWO_O_CLOCK).run());

        Run refresh = await(runs.startScheduled(RunKind.REFRESH, TWO_O_CLOCK).run());

        assertThat(refresh.kind()).isEqualTo(RunKind.REFRESH);
        assertThatThrownBy(() -> runs.startScheduled(RunKind.REFRESH, TWO_O_CLOCK))
                .isInstanceOf(RunRefusedException.class)
                .hasMessage("The refresh run of 2030-01-31T02:00:00Z was started by another process");
    }

    @Test
    void aRunOfTheScheduleBeginsWhenTheDatabaseHasRoomForIt() throws Exception {
        FutureTask<StartedRun> tick = new FutureTask<>(() -> impatient().start(RunKind.FULL, TWO_O_CLOCK));
        Thread asking = new Thread(tick);
        try {
            refuseRuns("disk_full");
            try {
                asking.start();
                Eventually.holds(
                        "the run is refused",
                        () -> jdbc.sql("select is_called from refusals")
                                .query(Boolean.class)
                                .single());
            } finally {
                acceptRuns();
            }

            Run full = runs.await(tick.get(1, TimeUnit.MINUTES).run().id(), progress -> {});
            assertThat(full.scheduledFor()).isEqualTo(TWO_O_CLOCK);
            assertThat(full.published()).as(full.sentence()).isTrue();
        } finally {
            asking.interrupt();
        }
    }

    @Test
    void aRunOfTheScheduleDoesNotWaitForAFaultThatStays() {
        refuseRuns("raise_exception");
        try {
            assertThatThrownBy(() -> impatient().start(RunKind.FULL, TWO_O_CLOCK))
                    .isInstanceOf(DataAccessException.class)
                    .hasMessageContaining("no run may begin");
        } finally {
            acceptRuns();
        }
    }

    private ScheduledStarts impatient() {
        return new ScheduledStarts(starts, 1);
    }

    private void refuseRuns(String condition) {
        jdbc.sql("create sequence refusals").update();
        jdbc.sql("""
                        create function refuse() returns trigger language plpgsql as $$
                        begin
                          perform nextval('refusals');
                          raise 'no run may begin' using errcode = '%s';
                        end $$
                        """.formatted(condition)).update();
        jdbc.sql("create trigger refuse before insert on run for each row execute function refuse()")
                .update();
    }

    private void acceptRuns() {
        jdbc.sql("drop function refuse() cascade").update();
        jdbc.sql("drop sequence refusals").update();
    }

    @Test
    void aTrialThatTheScheduleResumesIsNotItsFullRun() throws Exception {
        Run trial;
        try (Brake brake = Brake.at(dataSource, 24)) {
            trial = runs.start(null, null, true, "ada").run();
            brake.awaitBraked(trial.id());
            runs.stop(trial.id(), "bob");
            brake.release();
            await(trial);
        }
        // As if its process had died instead.
        jdbc.sql("delete from run_stop").update();
        jdbc.sql("update run set state = 'running', finished_at = null where id = :id")
                .param("id", trial.id())
                .update();

        StartedRun started = runs.startScheduled(RunKind.FULL, TWO_O_CLOCK);

        assertThat(started.run().id()).isGreaterThan(trial.id());
        assertThat(await(started.run()).published()).isTrue();
        assertThat(runs.get(trial.id()).state()).isEqualTo(RunState.HELD);
    }

    @Test
    void aRunThatIsOutOfDateWhenTheScheduleResumesItIsNotItsFullRun() throws Exception {
        Run old = stopped(RunKind.FULL, 24);
        // Nothing is dropped when a trial is published by hand.
        Run newer = await(runs.start(null, null, true, "ada").run());
        runs.publish(newer.id(), "bob", false);
        // As if its process had died instead.
        jdbc.sql("delete from run_stop").update();
        jdbc.sql("update run set state = 'running', finished_at = null where id = :id")
                .param("id", old.id())
                .update();

        StartedRun started = runs.startScheduled(RunKind.FULL, TWO_O_CLOCK);

        assertThat(started.run().id()).isGreaterThan(newer.id());
        assertThat(await(started.run()).published()).isTrue();
        assertThat(runs.get(old.id()).state()).isEqualTo(RunState.HELD);
    }

    /** The tick asks for its run on a thread of its own; returns when it has been told what is in the way. */
    private void letDecideOnce(FutureTask<StartedRun> tick) throws Exception {
        try (Connection decider = dataSource.getConnection();
                Statement statement = decider.createStatement()) {
            decider.setAutoCommit(false);
            statement.execute("select pg_advisory_xact_lock(" + RunLock.KEY + ")");
            new Thread(tick).start();
            Eventually.holds("the tick waits for the lock", () -> Sessions.isRunLockAwaited(jdbc));
            decider.rollback();
            // Given in the order in which it is asked for, so the tick has had it before.
            statement.execute("select pg_advisory_xact_lock(" + RunLock.KEY + ")");
            decider.rollback();
        }
    }

    private void assertFullRunAfter(Run refresh, StartedRun started) throws InterruptedException {
        assertThat(started.resumed()).isFalse();
        Run full = runs.await(started.run().id(), progress -> {});
        assertThat(full.id()).isGreaterThan(refresh.id());
        assertThat(full.kind()).isEqualTo(RunKind.FULL);
        assertThat(full.scheduledFor()).isEqualTo(TWO_O_CLOCK);
        assertThat(full.published()).as(full.sentence()).isTrue();
        assertThat(runs.get(refresh.id()).state()).isEqualTo(RunState.COMPLETED);
    }
}
