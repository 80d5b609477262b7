package dev.luna.batch.run;

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

    UUID id(String user) {
        return jdbc.sql("select md5(:user)::uuid")
                .param("user", user)
                .query(UUID.class)
                .single();
    }
}
