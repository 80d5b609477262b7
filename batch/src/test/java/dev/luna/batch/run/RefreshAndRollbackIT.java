package dev.luna.batch.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.sql.Connection;
import java.sql.Statement;
import java.time.temporal.ChronoUnit;
import org.junit.jupiter.api.Test;

/** Refreshes, and readers who are moved to another run meanwhile. */
class RefreshAndRollbackIT extends Refreshing {

    @Test
    void aRefreshThatBeganBeforeARollbackIsHeldUntilSomebodyForcesIt() throws Exception {
        Run chosen = run(RunKind.FULL);
        Run base = run(RunKind.FULL);
        new RandomEdits(jdbc, 96, USERS, VENUES).make(12);

        Run held = refreshRolledBackMeanwhile(chosen);

        assertThat(held.state()).as(held.sentence()).isEqualTo(RunState.HELD);
        assertThat(held.sentence())
                .startsWith(
                        "Held back by the gate since %s: readers were moved to run %d after this refresh of run %d had begun."
                                .formatted(held.finishedAt().truncatedTo(ChronoUnit.SECONDS), chosen.id(), base.id()))
                .contains("luna runs publish %d --force".formatted(held.id()));
        assertThat(held.finishedAt()).isNotNull();
        assertThat(held.gate())
                .filteredOn(GateCheck::ok)
                .extracting(GateCheck::name)
                .contains("users_covered", "brute_force_sample");
        assertThat(runs.published().map(Run::id)).contains(chosen.id());
        assertThatThrownBy(() -> runs.publish(held.id(), "bob", false)).isInstanceOf(RunRefusedException.class);

        assertThat(runs.publish(held.id(), "bob", true).forcedBy()).isEqualTo("bob");
        runs.publish(chosen.id(), "bob", false);
        assertThat(runs.publish(held.id(), "bob", false).published()).isTrue();
    }

    @Test
    void aRefreshDoesNotUndoARollbackToItsOwnBase() throws Exception {
        Run base = run(RunKind.FULL);
        RandomEdits edits = new RandomEdits(jdbc, 95, USERS, VENUES);
        edits.make(3);
        run(RunKind.REFRESH);
        edits.make(12);

        assertThat(refreshRolledBackMeanwhile(base).state()).isEqualTo(RunState.HELD);

        assertThat(runs.published().map(Run::id)).contains(base.id());
        assertThat(run(RunKind.REFRESH).published()).isTrue();
    }

    @Test
    void aRefreshThatWasStoppedBeforeARollbackIsNotResumed() throws Exception {
        Run chosen = run(RunKind.FULL);
        run(RunKind.FULL);
        new RandomEdits(jdbc, 94, USERS, VENUES).make(12);
        Run stopped = stoppedRefresh();
        runs.publish(chosen.id(), "bob", false);

        assertThatThrownBy(() -> runs.restart(stopped.id(), "ada"))
                .isInstanceOf(RunRefusedException.class)
                .hasMessage(
                        "Run %d cannot be resumed: readers were moved to run %d after this refresh of run %d had begun; start a new one with `luna recompute --refresh`",
                        stopped.id(), chosen.id(), stopped.baseRunId());
        assertThat(runs.get(stopped.id()).sentence())
                .contains("It cannot be resumed: readers were moved to run " + chosen.id())
                .endsWith("; start a new one with `luna recompute --refresh`.");

        // As if its process had died instead: then it may be resumed, and gets no further than to be held.
        jdbc.sql("delete from run_stop").update();
        jdbc.sql("update run set state = 'running', finished_at = null where id = :id")
                .param("id", stopped.id())
                .update();
        Run resumed = runs.await(runs.restart(stopped.id(), "ada").id(), progress -> {});
        assertThat(resumed.state()).as(resumed.sentence()).isEqualTo(RunState.HELD);
        assertThat(runs.published().map(Run::id)).contains(chosen.id());
        assertThat(run(RunKind.REFRESH).baseRunId()).isEqualTo(chosen.id());
    }

    @Test
    void aRefreshThatFailedBeforeARollbackIsNotResumed() throws Exception {
        Run chosen = run(RunKind.FULL);
        run(RunKind.FULL);
        jdbc.sql("alter table run add constraint test_failure check (kind = 'full' or snapshot_at is null) not valid")
                .update();
        Run failed;
        try {
            failed = runs.await(runs.start(RunKind.REFRESH, "ada").id(), progress -> {});
        } finally {
            jdbc.sql("alter table run drop constraint test_failure").update();
        }
        assertThat(failed.state()).as(failed.sentence()).isEqualTo(RunState.FAILED);
        runs.publish(chosen.id(), "bob", false);

        assertThatThrownBy(() -> runs.restart(failed.id(), "ada"))
                .isInstanceOf(RunRefusedException.class)
                .hasMessageContaining("readers were moved to run " + chosen.id());
    }

    @Test
    void aRollbackThatCommitsWhileARefreshEndsIsNotUndone() throws Exception {
        Run chosen = run(RunKind.FULL);
        run(RunKind.FULL);
        new RandomEdits(jdbc, 93, USERS, VENUES).make(12);

        Run refresh;
        try (Brake brake = Brake.at(dataSource, 24);
                Connection operator = dataSource.getConnection();
                Statement statement = operator.createStatement()) {
            refresh = runs.start(RunKind.REFRESH, "ada");
            brake.awaitBraked(refresh.id());
            operator.setAutoCommit(false);
            statement.execute("select from venue_catalog for update");
            statement.execute("select pg_advisory_xact_lock(" + RunLock.KEY + ")");
            brake.release();
            Eventually.holds("the refresh waits", () -> Sessions.isRowAwaited(jdbc, "venue_catalog"));
            statement.execute("update published_run set publications = publications + 1, run_id = " + chosen.id());
            operator.commit();
        }
        Run held = runs.await(refresh.id(), progress -> {});

        assertThat(held.state()).as(held.sentence()).isEqualTo(RunState.HELD);
        assertThat(runs.published().map(Run::id)).contains(chosen.id());
    }

    @Test
    void aRefreshThatBeganBeforeARollbackAndBackIsHeld() throws Exception {
        Run other = run(RunKind.FULL);
        Run base = run(RunKind.FULL);
        new RandomEdits(jdbc, 92, USERS, VENUES).make(12);

        Run held;
        try (Brake brake = Brake.at(dataSource, 24)) {
            Run refresh = runs.start(RunKind.REFRESH, "ada");
            brake.awaitBraked(refresh.id());
            runs.publish(other.id(), "bob", false);
            runs.publish(base.id(), "bob", false);
            brake.release();
            held = runs.await(refresh.id(), progress -> {});
        }

        assertThat(held.state()).as(held.sentence()).isEqualTo(RunState.HELD);
        assertThat(held.readersMovedTo()).isEqualTo(base.id());
    }

    @Test
    void aRefreshIsPublishedWhateverTheClockSaidWhenItsBaseWas() throws Exception {
        run(RunKind.FULL);
        jdbc.sql("update published_run set published_at = clock_timestamp() + interval '1 hour'")
                .update();

        assertThat(run(RunKind.REFRESH).published()).isTrue();
    }

    /** A refresh during whose scoring an operator publishes another run. */
    private Run refreshRolledBackMeanwhile(Run chosen) throws Exception {
        try (Brake brake = Brake.at(dataSource, 24)) {
            Run refresh = runs.start(RunKind.REFRESH, "ada");
            brake.awaitBraked(refresh.id());
            runs.publish(chosen.id(), "bob", false);
            brake.release();
            return runs.await(refresh.id(), progress -> {});
        }
    }
}
