package dev.luna.batch.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.sql.Connection;
import java.sql.Statement;
import java.time.temporal.ChronoUnit;
import java.util.List;
import javax.sql.DataSource;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.core.env.Environment;

/** The life of refresh runs: what they stand on, and that they end as if nothing had been. */
class RefreshLifeIT extends Refreshing {

    @Autowired
    private DataSource dataSource;

    @Autowired
    private Environment environment;

    @Test
    void aRefreshNeedsAPublishedRun() {
        assertThatThrownBy(() -> runs.start(RunKind.REFRESH, "ada"))
                .isInstanceOf(RunRefusedException.class)
                .hasMessageContaining("no run is published yet")
                .hasMessageContaining("luna recompute");
    }

    @Test
    void aStoppedRefreshEndsAsIfUndisturbed() throws Exception {
        run(RunKind.FULL);
        new RandomEdits(jdbc, 99, USERS, VENUES).make(12);
        Run undisturbed = run(RunKind.REFRESH);
        assertThat(undisturbed.progress().usersDone()).isGreaterThan(64);

        Run stopped = stoppedRefresh();
        assertThat(stopped.state()).as(stopped.sentence()).isEqualTo(RunState.STOPPED);
        jdbc.sql("delete from users where id = md5('user7')::uuid").update();
        Run ended = runs.await(runs.restart(stopped.id(), "bob").id(), progress -> {});

        assertThat(ended.state()).as(ended.sentence()).isEqualTo(RunState.COMPLETED);
        assertThat(ended.checksum()).isEqualTo(undisturbed.checksum());
    }

    @Test
    void aKilledRefreshIsResumedAndEndsAsIfUndisturbed() throws Exception {
        run(RunKind.FULL);
        new RandomEdits(jdbc, 98, USERS, VENUES).make(12);
        Run undisturbed = run(RunKind.REFRESH);

        try (Brake brake = Brake.at(dataSource, 24)) {
            Process process = OtherProcess.runInOwnJvm(RunKind.REFRESH, environment, settings());
            long id = undisturbed.id() + 1;
            brake.awaitBraked(id);
            process.destroyForcibly().waitFor();
            Eventually.holds("the lease lapses", () -> !runs.get(id).owner().live());
            Run resumed = runs.resumeAbandoned().orElseThrow();
            brake.release();
            Run ended = runs.await(resumed.id(), progress -> {});

            assertThat(ended.id()).isEqualTo(id);
            assertThat(ended.state()).as(ended.sentence()).isEqualTo(RunState.COMPLETED);
            assertThat(ended.checksum()).isEqualTo(undisturbed.checksum());
        }
    }

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
            statement.execute("update published_run set published_at = clock_timestamp(), run_id = " + chosen.id());
            operator.commit();
        }
        Run held = runs.await(refresh.id(), progress -> {});

        assertThat(held.state()).as(held.sentence()).isEqualTo(RunState.HELD);
        assertThat(runs.published().map(Run::id)).contains(chosen.id());
    }

    private Run stoppedRefresh() throws Exception {
        try (Brake brake = Brake.at(dataSource, 24)) {
            Run refresh = runs.start(RunKind.REFRESH, "ada");
            brake.awaitBraked(refresh.id());
            runs.stop(refresh.id(), "bob");
            brake.release();
            return runs.await(refresh.id(), progress -> {});
        }
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

    @Test
    void aRefreshRanksByTheRulesOfItsBaseWhateverIsConfigured() throws Exception {
        ScoringSettings steep =
                new ScoringSettings(null, null, null, 0.4, null, null, null, null, null, null, null, null, null, null);
        Run base;
        try (ConfigurableApplicationContext other = OtherProcess.inThisJvm(
                environment, "luna.recompute.venues-per-user=9", "luna.recompute.gate.overlap-min=0")) {
            Runs others = other.getBean(Runs.class);
            base = others.await(others.start(RunKind.FULL, steep, "eve").run().id(), progress -> {});
        }
        new RandomEdits(jdbc, 31, USERS, VENUES).make(5);

        Run refresh = run(RunKind.REFRESH);

        assertThat(refresh.baseRunId()).isEqualTo(base.id());
        assertThat(refresh.profile()).containsEntry("decay_per_km", 0.4);
        assertThat(refresh.settings()).containsEntry("venues_per_user", 9).containsEntry("block_users", 8);
        RunVerifier.Verification found = verifier.verify(refresh.id(), USERS);
        assertThat(found.equal()).as(found.firstDifference()).isEqualTo(found.users());
        assertThat(found.users()).isPositive();
        assertThat(runs.await(runs.start(RunKind.REFRESH, steep, "ada").run().id(), progress -> {})
                        .profile())
                .isEqualTo(refresh.profile());
        assertThatThrownBy(() -> runs.start(
                        RunKind.REFRESH,
                        new ScoringSettings(
                                0.5, null, null, null, null, null, null, null, null, null, null, null, null, null),
                        "ada"))
                .isInstanceOf(RunRefusedException.class)
                .hasMessageContaining("ranks by the profile of run " + base.id())
                .hasMessageContaining("luna recompute --profile");
    }

    @Test
    void refreshesAreKeptWithTheirBaseAndCanBePublishedAgain() throws Exception {
        Run base = run(RunKind.FULL);
        RandomEdits edits = new RandomEdits(jdbc, 97, USERS, VENUES);
        edits.make(3);
        Run first = run(RunKind.REFRESH);
        List<String> seen = publishedVenueRanks();
        edits.make(3);
        run(RunKind.REFRESH);
        edits.make(3);
        run(RunKind.REFRESH);

        // Two of each kind are kept.
        assertThat(runs.get(first.id()).storageDroppedAt()).isNotNull();
        assertThat(runs.get(base.id()).storageDroppedAt()).isNull();
        assertThatThrownBy(() -> jdbc.sql("select drop_run_storage(:id)")
                        .param("id", base.id())
                        .query((row, n) -> n)
                        .list())
                .hasMessageContaining("run " + base.id() + " is published");
        List<String> before = publishedVenueRanks();
        assertThat(before).isNotEqualTo(seen);
        Run second = runs.get(first.id() + 1);
        Run third = runs.get(first.id() + 2);
        runs.publish(second.id(), "bob", false);
        assertThat(publishedVenueRanks()).isNotEqualTo(before);
        runs.publish(third.id(), "bob", false);
        assertThat(publishedVenueRanks()).isEqualTo(before);

        // Changes that the base has not seen are remembered, until it goes, and its refreshes with it.
        run(RunKind.FULL);
        assertThat(count("user_change")).isPositive();
        run(RunKind.FULL);
        assertThat(runs.get(third.id()).storageDroppedAt()).isNotNull();
        assertThat(runs.get(base.id()).storageDroppedAt()).isNotNull();
        assertThat(count("user_change")).isZero();
    }

    @Test
    void theInputsOfABaseAreIndexedByUserFromItsFirstRefreshOn() throws Exception {
        Run base = run(RunKind.FULL);
        assertThat(userIndexesOfInputs(base)).isZero();

        run(RunKind.REFRESH);

        assertThat(userIndexesOfInputs(base)).isOne();
    }

    private long userIndexesOfInputs(Run run) {
        return jdbc.sql("""
                        select count(*) from pg_indexes where tablename = :inputs and indexdef like '%(user_id)'
                        """)
                .param("inputs", "run_input_" + run.id())
                .query(Long.class)
                .single();
    }

    private static String[] settings() {
        return RefreshIT.class.getAnnotation(SpringBootTest.class).properties();
    }
}
