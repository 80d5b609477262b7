package dev.luna.batch.job;

import static org.assertj.core.api.Assertions.assertThat;

import dev.luna.batch.database.TestDatabase;
import dev.luna.batch.run.Claim;
import dev.luna.batch.run.Run;
import dev.luna.batch.run.RunKind;
import dev.luna.batch.run.Runs;
import dev.luna.batch.run.SmallWorld;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.jdbc.core.simple.JdbcClient;

/** How long a run's arrays are kept. */
@SpringBootTest(
        properties = {
            "luna.recompute.block-users=8",
            "luna.recompute.chunk-users=8",
            "luna.recompute.threads=2",
            "luna.recompute.lease=3s"
        })
class ScoringWorldsIT {

    @Autowired
    private ScoringWorlds worlds;

    @Autowired
    private Runs runs;

    @Autowired
    private JdbcClient jdbc;

    private long runId;

    @BeforeEach
    void aRunThatIsOver() throws Exception {
        TestDatabase.clear(jdbc);
        SmallWorld.create(jdbc, 40, 20);
        Run run = runs.await(runs.start(RunKind.FULL, "ada").id(), progress -> {});
        runId = run.id();
    }

    @Test
    void aRunThatIsOverKeepsNone() {
        assertThat(borrowed()).isNotSameAs(borrowed());
    }

    @Test
    void aRunWhoseEndCannotBeRecordedKeepsNone() throws Exception {
        jdbc.sql("""
                        create function refuse() returns trigger language plpgsql as
                        $$ begin raise exception 'the end is not recorded'; end $$
                        """).update();
        jdbc.sql("""
                        create trigger refuse before update on batch_job_execution
                        for each row when (new.end_time is not null) execute function refuse()
                        """).update();
        try {
            runId = runs.await(runs.start(RunKind.FULL, "ada").id(), progress -> {})
                    .id();
        } finally {
            jdbc.sql("drop function refuse() cascade").update();
        }

        assertThat(borrowed()).isNotSameAs(borrowed());
    }

    @Test
    void aJobThatEndsLateLeavesThemToTheOneAfterIt() {
        Claim late = new Claim(runId, 5);
        Claim next = new Claim(runId, 6);
        ScoringWorld world = worlds.get(late, () -> false);
        assertThat(worlds.get(next, () -> false)).isSameAs(world);
        assertThat(worlds.get(late, () -> false)).isSameAs(world);

        worlds.release(late);
        assertThat(borrowed()).isSameAs(world);

        worlds.release(next);
        assertThat(borrowed()).isNotSameAs(world);
    }

    @Test
    void anotherRunHasItsOwn() throws Exception {
        Run other = runs.await(runs.start(RunKind.FULL, "ada").id(), progress -> {});
        Claim next = new Claim(other.id(), 6);
        ScoringWorld world = worlds.get(new Claim(runId, 5), () -> false);

        assertThat(worlds.borrow(other.id(), () -> false)).isNotSameAs(world);
        try {
            assertThat(worlds.get(next, () -> false)).isNotSameAs(world);
        } finally {
            worlds.release(next);
        }
    }

    private ScoringWorld borrowed() {
        return worlds.borrow(runId, () -> false);
    }
}
