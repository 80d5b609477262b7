package dev.luna.batch.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.luna.batch.run.Eventually;
import dev.luna.batch.run.SmallWorld;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.Statement;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Commands about a run that is not simply published, from their arguments to their exit codes. */
class RunOperationsIT extends CommandsOnADatabase {

    private static final String OVERLAP_MAX = "luna.recompute.gate.overlap-max";

    @TempDir
    private Path folder;

    @AfterEach
    void forgetTheGate() {
        System.clearProperty(OVERLAP_MAX);
    }

    @BeforeEach
    void aSmallWorld() {
        SmallWorld.create(database.jdbc(), 60, 40);
    }

    @Test
    void aRunIsStoppedRestartedHeldAndForced() throws Exception {
        FutureTask<Ended> recompute = new FutureTask<>(() -> luna("recompute"));
        String first;
        try (Connection holder = database.dataSource().getConnection();
                Statement statement = holder.createStatement()) {
            holder.setAutoCommit(false);
            // The snapshot waits for this.
            statement.execute("lock table user_social_edges in access exclusive mode");
            new Thread(recompute).start();
            Eventually.holds(
                    "the run waits",
                    () -> database.jdbc()
                            .sql(
                                    "select exists (select from pg_locks where relation = 'user_social_edges'::regclass and not granted)")
                            .query(Boolean.class)
                            .single());
            first = newest();

            Ended stop = luna("runs", "stop", first);

            assertThat(stop.exitCode()).isEqualTo(ExitCode.OK);
            assertThat(stop.out()).startsWith("Run " + first);
            Ended stopped = recompute.get(1, TimeUnit.MINUTES);
            assertThat(stopped.exitCode()).isEqualTo(130);
            assertThat(stopped.out()).contains("Run %s: Stopped in snapshot".formatted(first));
            holder.rollback();
        }

        Ended restarted = luna("runs", "restart", first);
        assertThat(restarted.exitCode()).isEqualTo(ExitCode.OK);
        assertThat(restarted.out()).contains("Run %s is published".formatted(first));

        System.setProperty(OVERLAP_MAX, "0.5");
        Ended held = luna("recompute");
        assertThat(held.exitCode()).isEqualTo(3);
        String second = newest();
        assertThat(held.out())
                .contains("Run %s: Held back by the gate since ".formatted(second))
                .contains(": 100.0 % of the first 10 venues")
                .contains("`luna runs publish %s --force`".formatted(second));

        assertThat(luna("runs", "publish", second).exitCode()).isEqualTo(ExitCode.REFUSED);
        Ended forced = luna("runs", "publish", second, "--force");
        assertThat(forced.exitCode()).isEqualTo(ExitCode.OK);
        assertThat(forced.out()).contains("Run %s is published".formatted(second));
    }

    @Test
    void aRunThatFailsIsTheCommandsFailure() {
        database.jdbc()
                .sql("alter table run add constraint test_failure check (phase <> 'scoring') not valid")
                .update();
        Ended failed;
        try {
            failed = luna("recompute");
        } finally {
            database.jdbc().sql("alter table run drop constraint test_failure").update();
        }

        assertThat(failed.exitCode()).isEqualTo(ExitCode.FAILED);
        assertThat(failed.out())
                .contains("Run %s: Failed in ".formatted(newest()), "`luna runs restart %s`".formatted(newest()));
        assertThat(answer("runs", "show", newest())).containsPattern("PARTITION +DONE +USERS *\\R +0 +0 ");
    }

    @Test
    void aTrialByAnotherProfileIsExportedAndThenPublished() throws Exception {
        answer("recompute");

        Ended trial = luna("recompute", "--hold", "--profile", "decay-per-km=0.2");

        assertThat(trial.exitCode()).as(err.toString()).isEqualTo(ExitCode.OK);
        String id = newest();
        assertThat(trial.out()).contains("Run %s: Passed the gate and held since ".formatted(id));
        assertThat(answer("runs", "show", id)).contains(", as a trial", "decay-per-km=0.2");
        assertThat(answer("runs", "diff", id)).contains("Run %s beside run ".formatted(id), "profile");
        String file = folder.resolve("trial.csv").toString();
        assertThat(answer("export", "--rankings", file, "--run", id)).startsWith("trial.csv: run %s of ".formatted(id));
        assertThat(luna("export", folder.toString(), "--run", id).exitCode()).isEqualTo(ExitCode.BAD_INPUT);
        assertThat(luna("export", "--rankings", file, "--run", "999999").exitCode())
                .isEqualTo(ExitCode.BAD_INPUT);
        assertThat(answer("runs", "publish", id)).contains("Run %s is published".formatted(id));
    }
}
