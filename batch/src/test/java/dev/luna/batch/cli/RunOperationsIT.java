package dev.luna.batch.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.luna.batch.database.TestDatabase;
import dev.luna.batch.run.Eventually;
import dev.luna.batch.run.SmallWorld;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.sql.Connection;
import java.sql.Statement;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Commands about a run that is not simply published, from their arguments to their exit codes. */
class RunOperationsIT {

    private static final TestDatabase database = TestDatabase.migrated();

    private static final String OVERLAP_MAX = "luna.recompute.gate.overlap-max";

    @BeforeAll
    static void aDatabaseOfYourOwn() {
        System.setProperty("spring.datasource.url", database.url());
        System.setProperty("spring.datasource.username", database.username());
        System.setProperty("spring.datasource.password", database.password());
    }

    @AfterAll
    static void forgetIt() {
        System.clearProperty("spring.datasource.url");
        System.clearProperty("spring.datasource.username");
        System.clearProperty("spring.datasource.password");
        System.clearProperty(OVERLAP_MAX);
    }

    private record Ended(int exitCode, String out) {}

    @Test
    void aRunIsStoppedRestartedHeldAndForced() throws Exception {
        SmallWorld.create(database.jdbc(), 60, 40);
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

            assertThat(stop.exitCode).isEqualTo(ExitCode.OK);
            assertThat(stop.out).startsWith("Run " + first);
            Ended stopped = recompute.get(1, TimeUnit.MINUTES);
            assertThat(stopped.exitCode).isEqualTo(130);
            assertThat(stopped.out).contains("Run %s: Stopped in snapshot".formatted(first));
            holder.rollback();
        }

        Ended restarted = luna("runs", "restart", first);
        assertThat(restarted.exitCode).isEqualTo(ExitCode.OK);
        assertThat(restarted.out).contains("Run %s is published".formatted(first));

        System.setProperty(OVERLAP_MAX, "0.5");
        Ended held = luna("recompute");
        assertThat(held.exitCode).isEqualTo(3);
        String second = newest();
        assertThat(held.out)
                .contains("Run %s: Held back by the gate since ".formatted(second))
                .contains(": 100.0 % of the first 10 venues")
                .contains("`luna runs publish %s --force`".formatted(second));

        assertThat(luna("runs", "publish", second).exitCode).isEqualTo(ExitCode.REFUSED);
        Ended forced = luna("runs", "publish", second, "--force");
        assertThat(forced.exitCode).isEqualTo(ExitCode.OK);
        assertThat(forced.out).contains("Run %s is published".formatted(second));
    }

    private static String newest() {
        return database.jdbc()
                .sql("select max(id)::text from run")
                .query(String.class)
                .single();
    }

    private static Ended luna(String... arguments) {
        StringWriter out = new StringWriter();
        int exitCode = LunaCommand.commandLine()
                .setOut(new PrintWriter(out))
                .setErr(new PrintWriter(new StringWriter()))
                .execute(arguments);
        return new Ended(exitCode, out.toString());
    }
}
