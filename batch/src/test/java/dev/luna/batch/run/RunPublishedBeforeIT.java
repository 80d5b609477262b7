package dev.luna.batch.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.luna.batch.database.TestDatabase;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.jdbc.core.simple.JdbcClient;

/** Which run another is compared with when nobody names one. */
@SpringBootTest
class RunPublishedBeforeIT {

    @Autowired
    private Runs runs;

    @Autowired
    private RunDiffs diffs;

    @Autowired
    private JdbcClient jdbc;

    private Run first;
    private Run second;
    private Run third;

    @BeforeEach
    void threeRuns() throws InterruptedException {
        TestDatabase.clear(jdbc);
        SmallWorld.create(jdbc, 20, 20);
        first = run(RunKind.FULL);
        second = run(RunKind.REFRESH);
        third = run(RunKind.FULL);
    }

    @Test
    void itIsTheOneThatReadersSawBefore() {
        assertThat(against(second)).isEqualTo(first.id());
        assertThat(against(third)).isEqualTo(second.id());
        assertThatThrownBy(() -> against(first))
                .isInstanceOf(RunRefusedException.class)
                .hasMessage(
                        "No run is known that readers saw before run %d; name one with `luna runs diff %d --against ID`, `luna runs` lists them",
                        first.id(), first.id());

        jdbc.sql("update run set published_at = published_at - id * interval '1 day'")
                .update();

        assertThat(against(second)).as("by a clock that was put back").isEqualTo(first.id());
        assertThat(against(third)).as("by a clock that was put back").isEqualTo(second.id());
    }

    @Test
    void afterAWayBackItIsTheOneThatWasGoneBackTo() throws InterruptedException {
        runs.publish(first.id(), "ada", false);
        Run fourth = run(RunKind.FULL);

        assertThat(against(fourth)).isEqualTo(first.id());
    }

    @Test
    void itMayHaveBeenPublishedAgainSince() {
        runs.publish(second.id(), "ada", false);

        assertThat(against(second)).isEqualTo(third.id());
        assertThat(against(third)).isEqualTo(second.id());

        runs.publish(first.id(), "ada", false);

        assertThat(against(first)).isEqualTo(second.id());
        assertThat(against(third)).isEqualTo(second.id());
        assertThat(against(second)).isEqualTo(third.id());
    }

    @Test
    void itIsNoneThatWasHeldUntilLater() throws InterruptedException {
        runs.publish(first.id(), "ada", false);
        hold(third);
        Run fourth = run(RunKind.REFRESH);
        runs.publish(third.id(), "ada", true);

        assertThat(against(fourth)).isEqualTo(first.id());
        assertThat(against(third)).isEqualTo(fourth.id());
    }

    @Test
    void itIsNoneThatWasGoneBackToLater() throws InterruptedException {
        runs.publish(first.id(), "ada", false);
        Run fourth = run(RunKind.FULL);
        runs.publish(third.id(), "ada", false);

        assertThat(against(fourth)).isEqualTo(first.id());
    }

    @Test
    void itIsTheFullRunOfARefreshThatIsDropped() {
        drop(second);

        assertThat(against(third)).isEqualTo(first.id());

        drop(first);

        assertThatThrownBy(() -> against(third))
                .isInstanceOf(RunRefusedException.class)
                .hasMessage(
                        "Readers saw run %d before run %d, and its rankings were dropped; name another with `luna runs diff %d --against ID`, `luna runs` lists them",
                        second.id(), third.id(), third.id());
    }

    @Test
    void itIsNeverTheRunItself() {
        runs.publish(second.id(), "ada", false);
        runs.publish(first.id(), "ada", false);
        drop(second);

        assertThatThrownBy(() -> against(first))
                .isInstanceOf(RunRefusedException.class)
                .hasMessageStartingWith("Readers saw run %d before run %d,", second.id(), first.id());
    }

    @Test
    void ofOneThatWasNeverPublishedItIsTheOneThatReadersSee() {
        runs.publish(first.id(), "ada", false);
        hold(third);

        assertThat(against(third)).isEqualTo(first.id());
    }

    private void drop(Run run) {
        jdbc.sql("select drop_run_storage(:id)")
                .param("id", run.id())
                .query((row, n) -> 1)
                .list();
    }

    /** As if the gate had held it back. */
    private void hold(Run run) {
        jdbc.sql("""
                        update run
                        set state = 'held', phase = 'verification', published_at = null, replaced_run_id = null
                        where id = :id
                        """).param("id", run.id()).update();
    }

    private long against(Run run) {
        return diffs.compare(run.id(), null, 0).againstId();
    }

    private Run run(RunKind kind) throws InterruptedException {
        return runs.await(runs.start(kind, "ada").id(), progress -> {});
    }
}
