package dev.luna.batch.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.core.env.Environment;

/** The life of refresh runs: what they stand on, and that they end as if nothing had been. */
class RefreshLifeIT extends Refreshing {

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
    void aRefreshRanksByTheRulesOfItsBaseWhateverIsConfigured() throws Exception {
        ScoringSettings steep =
                new ScoringSettings(null, null, null, 0.4, null, null, null, null, null, null, null, null, null, null);
        Run base;
        try (ConfigurableApplicationContext other = OtherProcess.inThisJvm(
                environment, "luna.recompute.venues-per-user=9", "luna.recompute.gate.overlap-min=0")) {
            Runs others = other.getBean(Runs.class);
            base = others.await(
                    others.start(RunKind.FULL, steep, false, "eve").run().id(), progress -> {});
        }
        new RandomEdits(jdbc, 31, USERS, VENUES).make(5);

        Run refresh = run(RunKind.REFRESH);

        assertThat(refresh.baseRunId()).isEqualTo(base.id());
        assertThat(refresh.profile()).containsEntry("decay_per_km", 0.4);
        assertThat(refresh.settings()).containsEntry("venues_per_user", 9).containsEntry("block_users", 8);
        RunVerifier.Verification found = verifier.verify(refresh.id(), USERS);
        assertThat(found.equal()).as(found.firstDifference()).isEqualTo(found.users());
        assertThat(found.users()).isPositive();
        assertThat(runs.await(
                                runs.start(RunKind.REFRESH, steep, false, "ada")
                                        .run()
                                        .id(),
                                progress -> {})
                        .profile())
                .isEqualTo(refresh.profile());
        assertThatThrownBy(() -> runs.start(
                        RunKind.REFRESH,
                        new ScoringSettings(
                                0.5, null, null, null, null, null, null, null, null, null, null, null, null, null),
                        false,
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
