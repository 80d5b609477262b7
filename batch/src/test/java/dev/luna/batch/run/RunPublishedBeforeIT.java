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
                .hasMessageStartingWith("No run that was published before run %d is kept", first.id());

        jdbc.sql("update run set published_at = now()").update();

        assertThat(against(second)).as("of one instant").isEqualTo(first.id());
        assertThat(against(third)).as("of one instant").isEqualTo(second.id());
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
    void ofOneThatWasNeverPublishedItIsTheOneThatReadersSee() {
        runs.publish(first.id(), "ada", false);
        jdbc.sql("update run set state = 'held', published_at = null where id = :id")
                .param("id", third.id())
                .update();

        assertThat(against(third)).isEqualTo(first.id());
    }

    private long against(Run run) {
        return diffs.compare(run.id(), null, 0).againstId();
    }

    private Run run(RunKind kind) throws InterruptedException {
        return runs.await(runs.start(kind, "ada").id(), progress -> {});
    }
}
