package dev.luna.batch.run;

import static org.assertj.core.api.Assertions.assertThat;

import dev.luna.batch.database.TestDatabase;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import javax.sql.DataSource;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.core.env.Environment;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.datasource.DriverManagerDataSource;

/**
 * Runs whose process loses every session at once: those of the computation, of the lease, of its records and of whoever
 * waits for the run. Nobody restarts anything; the run must end as if nothing had been.
 */
@SpringBootTest(
        properties = {
            "luna.recompute.block-users=8",
            "luna.recompute.chunk-users=8",
            "luna.recompute.threads=2",
            "luna.recompute.lease=3s"
        })
@ExtendWith(OutputCaptureExtension.class)
class LostConnectionsIT {

    private static final int USERS = 120;

    /** Of a run that nothing happened to; the town is the same each time. */
    private static Long undisturbedChecksum;

    @Autowired
    private Runs runs;

    @Autowired
    private RunVerifier verifier;

    @Autowired
    private Environment environment;

    /** Not the application's pool, whose sessions are cut too. */
    private DataSource unpooled;

    private JdbcClient jdbc;

    @BeforeEach
    void town() {
        unpooled = new DriverManagerDataSource(
                environment.getRequiredProperty("spring.datasource.url"),
                environment.getRequiredProperty("spring.datasource.username"),
                environment.getRequiredProperty("spring.datasource.password"));
        jdbc = JdbcClient.create(unpooled);
        TestDatabase.clear(jdbc);
        SmallWorld.create(jdbc, USERS, 40);
    }

    static Stream<Arguments> changes() {
        return Stream.of(Brake.Moment.values())
                .flatMap(moment -> Stream.of(
                        // The claim of a run that is just being started.
                        Arguments.of(moment, "run_lease", "new.run_id is not null and old.run_id is null"),
                        // The inputs are staged, with all their rows.
                        Arguments.of(moment, "run", "new.snapshot_at is not null and old.snapshot_at is null"),
                        Arguments.of(moment, "run_partition", "new.users_done >= 24"),
                        Arguments.of(moment, "batch_step_execution", "new.status = 'COMPLETED'"),
                        Arguments.of(moment, "run", "new.checksum is not null and old.checksum is null"),
                        Arguments.of(moment, "run", "new.state = 'completed' and old.state = 'running'"),
                        Arguments.of(moment, "batch_job_execution", "new.status = 'COMPLETED'"),
                        // The end of the run in this process.
                        Arguments.of(moment, "run_lease", "new.run_id is null and old.run_id is not null")));
    }

    @ParameterizedTest(name = "{0} of {1}: {2}")
    @MethodSource("changes")
    void aRunWhoseEverySessionIsCutEndsAsIfUndisturbed(Brake.Moment moment, String table, String change)
            throws Exception {
        Run ended;
        try (Brake brake = Brake.at(unpooled, moment, table, change)) {
            CompletableFuture<Run> disturbed = startAndStay(RunKind.FULL);
            brake.awaitWaiter();
            brake.cutAllSessions();
            brake.release();
            ended = disturbed.join();
        }

        assertAsUndisturbed(ended);
    }

    static List<Arguments> locks() {
        return List.of(
                Arguments.of("user_social_edges", "access exclusive"),
                Arguments.of("run_venue", "share update exclusive"),
                Arguments.of("published_run", "share row exclusive"));
    }

    @ParameterizedTest(name = "waiting for {0}")
    @MethodSource("locks")
    void aRunThatIsCutWhileItWaitsEndsAsIfUndisturbed(String table, String mode) throws Exception {
        Run ended;
        try (Connection holder = locking(table, mode)) {
            CompletableFuture<Run> disturbed = startAndStay(RunKind.FULL);
            Eventually.holds("the run waits for " + table, () -> waitsFor(table));
            Sessions.cutAllBut(holder);
            holder.rollback();
            ended = disturbed.join();
        }

        assertAsUndisturbed(ended);
    }

    /** Not what fails next on the same connection. */
    @Test
    void aRefreshTellsWhyItLostTheConnectionThatItReadsOn(CapturedOutput output) throws Exception {
        Run base = runs.await(runs.start(RunKind.FULL, "ada").id(), progress -> {});
        Run ended;
        try (Connection holder = locking("user_social_edges", "access exclusive")) {
            CompletableFuture<Run> disturbed = startAndStay(RunKind.REFRESH);
            Eventually.holds("the refresh waits for edges", () -> waitsFor("user_social_edges"));
            jdbc.sql("""
                            select pg_terminate_backend(pid) from pg_locks
                            where relation = 'user_social_edges'::regclass and not granted
                            """).query().singleRow();
            Eventually.holds("its connection is gone", () -> !waitsFor("user_social_edges"));
            holder.rollback();
            ended = disturbed.join();
        }

        assertThat(ended.state()).as(ended.sentence()).isEqualTo(RunState.COMPLETED);
        assertThat(ended.checksum()).isEqualTo(base.checksum());
        assertThat(output.getAll())
                .contains("Run %d was interrupted (in snapshot: FATAL: terminating connection".formatted(ended.id()));
    }

    private Connection locking(String table, String mode) throws SQLException {
        Connection holder = unpooled.getConnection();
        holder.setAutoCommit(false);
        try (Statement statement = holder.createStatement()) {
            statement.execute("lock table %s in %s mode".formatted(table, mode));
        }
        return holder;
    }

    private boolean waitsFor(String table) {
        return jdbc.sql(
                        "select exists (select from pg_locks where relation = cast(:table as regclass) and not granted)")
                .param("table", table)
                .query(Boolean.class)
                .single();
    }

    @Test
    void aRunWhoseSessionsAreCutAgainAndAgainEndsAsIfUndisturbed() throws Exception {
        CompletableFuture<Run> disturbed;
        try (Brake brake = Brake.at(unpooled, 8)) {
            disturbed = startAndStay(RunKind.FULL);
            for (int n = 0; n < 6; n++) {
                brake.awaitWaiter();
                brake.cutAllSessions();
            }
        }

        assertAsUndisturbed(disturbed.join());
    }

    /** As after a failover, until the standby is promoted. */
    @Test
    void aRunOutlastsADatabaseThatOnlyReads(CapturedOutput output) throws Exception {
        String database =
                jdbc.sql("select current_database()").query(String.class).single();
        CompletableFuture<Run> disturbed;
        try (Brake brake = Brake.at(unpooled, 24)) {
            disturbed = startAndStay(RunKind.FULL);
            brake.awaitWaiter();
            jdbc.sql("alter database " + database + " set default_transaction_read_only = on")
                    .update();
            brake.cutAllSessions();
        }
        Eventually.holds(
                "the lease cannot be renewed", () -> output.getAll().contains("cannot execute UPDATE in a read-only"));

        try (Connection again = unpooled.getConnection();
                Statement statement = again.createStatement()) {
            statement.execute("set session characteristics as transaction read write");
            statement.execute("alter database " + database + " reset default_transaction_read_only");
            Sessions.cutAllBut(again);
        }

        assertAsUndisturbed(disturbed.join());
    }

    @Test
    void aStopOutlivesTheSessionsThatHeardIt() throws Exception {
        Run stopped;
        try (Brake brake = Brake.at(unpooled, 24)) {
            CompletableFuture<Run> disturbed = startAndStay(RunKind.FULL);
            brake.awaitWaiter();
            runs.stop(jdbc.sql("select id from run").query(Long.class).single(), "bob");
            brake.cutAllSessions();
            brake.release();
            stopped = disturbed.join();
        }

        assertThat(stopped.state()).as(stopped.sentence()).isEqualTo(RunState.STOPPED);
        runs.restart(stopped.id(), "bob");
        assertAsUndisturbed(runs.await(stopped.id(), progress -> {}));
    }

    @Test
    void aProcessThatShutsDownWithoutItsSessionsLeavesTheRunToBeResumed() throws Exception {
        Run left;
        try (Brake brake = Brake.at(unpooled, 16)) {
            ConfigurableApplicationContext other = OtherProcess.inThisJvm(
                    environment,
                    "luna.recompute.block-users=8",
                    "luna.recompute.chunk-users=8",
                    "luna.recompute.lease=3s");
            Run run = other.getBean(Runs.class).start(RunKind.FULL, "eve");
            brake.awaitWaiter();
            Thread shutdown = new Thread(other::close);
            shutdown.start();
            Eventually.holds(
                    "the other process stops taking runs",
                    () -> !other.getBean(RunWorker.class).isRunning());
            brake.cutAllSessions();
            brake.release();
            shutdown.join();
            left = Reconnection.outlast(() -> runs.get(run.id()));
        }

        assertThat(left.state()).as(left.sentence()).isEqualTo(RunState.STOPPED);
        assertThat(left.owner()).isNull();
        runs.restart(left.id(), "bob");
        assertAsUndisturbed(runs.await(left.id(), progress -> {}));
    }

    /** As {@code luna recompute} does it: start, then wait with the process's own connections. */
    private CompletableFuture<Run> startAndStay(RunKind kind) {
        return CompletableFuture.supplyAsync(() -> {
            try {
                return runs.await(runs.start(kind, "ada").id(), progress -> {});
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
        });
    }

    private void assertAsUndisturbed(Run ended) throws InterruptedException {
        assertThat(ended.state()).as(ended.sentence()).isEqualTo(RunState.COMPLETED);
        assertThat(ended.published()).isTrue();
        // The pool may still lend a session that was cut and not used since.
        assertThat(Reconnection.outlast(() -> verifier.verify(ended.id(), USERS))
                        .equal())
                .isEqualTo(USERS);
        assertThat(jdbc.sql("select count(*) from run").query(Long.class).single())
                .isEqualTo(1);
        if (undisturbedChecksum == null) {
            undisturbedChecksum = runs.await(runs.start(RunKind.FULL, "ada").id(), progress -> {})
                    .checksum();
        }
        assertThat(ended.checksum()).isEqualTo(undisturbedChecksum);
    }
}
