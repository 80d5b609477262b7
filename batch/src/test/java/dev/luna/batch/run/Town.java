package dev.luna.batch.run;

import static org.assertj.core.api.Assertions.assertThat;

import dev.luna.batch.database.TestDatabase;
import java.util.UUID;
import javax.sql.DataSource;
import org.junit.jupiter.api.BeforeEach;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.jdbc.core.simple.JdbcClient;

/** What tests of runs share: a town that is new for each of them, and runs to wait for. The settings are the tests' own. */
abstract class Town {

    private final int users;
    private final int venues;

    @Autowired
    Runs runs;

    @Autowired
    DataSource dataSource;

    @Autowired
    JdbcClient jdbc;

    Town(int users, int venues) {
        this.users = users;
        this.venues = venues;
    }

    @BeforeEach
    void town() {
        TestDatabase.clear(jdbc);
        SmallWorld.create(jdbc, users, venues);
    }

    /** A new run, when it has ended. */
    Run run(RunKind kind) throws InterruptedException {
        return await(runs.start(kind, "ada"));
    }

    Run await(Run run) throws InterruptedException {
        return runs.await(run.id(), progress -> {});
    }

    /** A run that somebody stopped when it had come to the brake in its scoring. */
    Run stopped(RunKind kind, int brakeAt) throws Exception {
        try (Brake brake = Brake.at(dataSource, brakeAt)) {
            Run run = runs.start(kind, "ada");
            brake.awaitBraked(run.id());
            runs.stop(run.id(), "bob");
            brake.release();
            Run stopped = await(run);
            assertThat(stopped.state()).as(stopped.sentence()).isEqualTo(RunState.STOPPED);
            return stopped;
        }
    }

    UUID id(String user) {
        return jdbc.sql("select md5(:user)::uuid")
                .param("user", user)
                .query(UUID.class)
                .single();
    }
}
