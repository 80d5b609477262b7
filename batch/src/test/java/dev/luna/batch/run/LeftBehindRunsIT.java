package dev.luna.batch.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.luna.batch.database.Disconnection;
import dev.luna.batch.database.TestDatabase;
import java.sql.Connection;
import java.sql.Statement;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.postgresql.jdbc.PgConnection;
import org.springframework.batch.core.repository.JobRepository;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.jdbc.datasource.DataSourceUtils;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.support.TransactionSynchronization;
import org.springframework.transaction.support.TransactionSynchronizationManager;
import org.springframework.transaction.support.TransactionTemplate;

/** A run that a process left behind, dead or frozen, and who gets it in place of a new one. */
class LeftBehindRunsIT extends RunLifecycle {

    @Test
    void aRunLeftBehindIsResumedByWhoAsksForItsLikeAndByTheSchedule() throws Exception {
        ScoringSettings steep = decay(0.4);
        Run left;
        try (Brake brake = Brake.at(dataSource, BRAKE_AT)) {
            Run run = runs.start(RunKind.FULL, steep, false, "ada").run();
            brake.awaitBraked(run.id());
            runs.stop(run.id(), "bob");
            brake.release();
            left = await(run);
        }
        for (Callable<StartedRun> like : List.<Callable<StartedRun>>of(
                () -> runs.start(RunKind.FULL, steep, false, "ada"),
                () -> runs.start(null, null, false, "ada"),
                () -> runs.startScheduled(RunKind.REFRESH, Instant.parse("2030-01-31T02:30:00Z")))) {
            leftBehind(left);
            jdbc.sql("delete from run_stop").update();
            assertThatThrownBy(() -> runs.start(RunKind.REFRESH, "ada"))
                    .isInstanceOf(RunRefusedException.class)
                    .hasMessage(
                            "Run %d was left behind by a process that died and goes first; resume it with `luna runs restart %d` or end it with `luna runs stop %d`",
                            left.id(), left.id(), left.id());
            assertThatThrownBy(() -> runs.start(null, decay(0.5), false, "ada")).hasMessageContaining("goes first");

            StartedRun resumed;
            try (Brake brake = Brake.at(dataSource, BRAKE_AT)) {
                resumed = like.call();
                brake.awaitBraked(left.id());
                runs.stop(left.id(), "bob");
                brake.release();
                await(left);
            }

            assertThat(resumed.resumed()).isTrue();
            assertThat(resumed.run().id()).isEqualTo(left.id());
        }
        assertThat(runs.start(RunKind.FULL, null, false, "ada").resumed()).isFalse();
        await(runs.list(RunFilter.ALL, null, 1).get(0));
    }

    @Test
    void aRefreshLeftBehindIsWhatIsAskedForByTheProfileOfItsBase() throws Exception {
        ScoringSettings spatialAndSteep =
                new ScoringSettings(0.5, null, null, 0.4, null, null, null, null, null, null, null, null, null, null);
        await(runs.start(RunKind.FULL, spatialAndSteep, false, "ada").run());
        jdbc.sql("update users set home_lat = home_lat + 0.001").update();
        Run left;
        try (Brake brake = Brake.at(dataSource, BRAKE_AT)) {
            Run refresh = runs.start(RunKind.REFRESH, "ada");
            brake.awaitBraked(refresh.id());
            runs.stop(refresh.id(), "bob");
            brake.release();
            left = leftBehind(await(refresh));
        }
        jdbc.sql("delete from run_stop").update();

        StartedRun resumed = runs.start(RunKind.REFRESH, decay(0.4), false, "bob");

        assertThat(resumed.resumed()).isTrue();
        assertThat(resumed.run().id()).isEqualTo(left.id());
        Run ended = await(left);
        assertThat(ended.state()).as(ended.sentence()).isNotEqualTo(RunState.FAILED);
    }

    @Test
    void theTimeInWhichNobodyWorksOnARunDoesNotSlowItDown() throws Exception {
        Run left = leftBehind(stoppedInScoring());
        jdbc.sql("""
                        update run set timings = '{}', phase_started_at = expires_at - interval '10 seconds'
                        from run_lease where run_id = id and id = :id
                        """).param("id", left.id()).update();

        RunProgress progress = runs.get(left.id()).progress();

        assertThat(progress.usersPerSecond()).isEqualTo(progress.usersDone() / 10.0);
        // The time until its lease lapsed is its own.
        jdbc.sql("delete from run_stop").update();
        runs.resumeAbandoned();
        assertThat(await(left).timings().get(RunPhase.SCORING)).isGreaterThanOrEqualTo(10);
    }

    /** Its transaction is lost at its end, and the run goes to somebody else in this process before it is asked again. */
    @Test
    void aClaimThatWasLostDoesNotPassForTheNextOne(@Autowired RunLauncher launcher) throws Exception {
        Run left = leftBehind(stoppedInScoring());
        jdbc.sql("delete from run_stop").update();
        FutureTask<Run> next = new FutureTask<>(() -> runs.resumeAbandoned().orElseThrow());
        try (Brake brake = Brake.at(dataSource, BRAKE_AT);
                Connection other = dataSource.getConnection();
                Statement statement = other.createStatement()) {
            assertThatThrownBy(() -> launcher.launch(
                            () -> {
                                launcher.refuseIfLive();
                                Claim claim = launcher.takeOver(runs.get(left.id()));
                                afterThis(() -> {
                                    new Thread(next).start();
                                    assertThatCode(next::get).doesNotThrowAnyException();
                                });
                                int session = jdbc.sql("select pg_backend_pid()")
                                        .query(Integer.class)
                                        .single();
                                assertThatCode(() -> statement.execute(
                                                "select pg_terminate_backend(%d, 60000)".formatted(session)))
                                        .doesNotThrowAnyException();
                                return Optional.of(claim);
                            },
                            Patience.NONE))
                    .isInstanceOf(RunRefusedException.class)
                    .hasMessageContaining("Run %d is already under way", left.id());
            brake.release();
        }

        Run ended = await(next.get());
        assertThat(ended.state()).as(ended.sentence()).isEqualTo(RunState.COMPLETED);
    }

    /** The server does not notice that in the middle of a commit. */
    @Test
    void aClaimWhoseConnectionBreaksInItsCommitIsFoundAgain(@Autowired RunLauncher launcher) throws Exception {
        Run left = leftBehind(stoppedInScoring());
        jdbc.sql("delete from run_stop").update();
        CompletableFuture<Connection> used = new CompletableFuture<>();
        FutureTask<Optional<Run>> start = new FutureTask<>(() -> launcher.launch(
                () -> {
                    launcher.refuseIfLive();
                    used.complete(DataSourceUtils.getConnection(dataSource));
                    return Optional.of(launcher.takeOver(runs.get(left.id())));
                },
                Patience.NONE));
        try (Brake brake = Brake.at(
                dataSource, Brake.Moment.COMMIT, "run_lease", "new.owner is not null and old.owner = 'gone:1'")) {
            new Thread(start).start();
            brake.awaitWaiter();

            used.get().unwrap(PgConnection.class).abort(Runnable::run);

            Eventually.holds("it is tried again", () -> start.isDone() || Sessions.isRunLockAwaited(jdbc));
            brake.release();
            assertThat(start.get()).map(Run::id).contains(left.id());
        }
        assertThat(await(left).state()).isEqualTo(RunState.COMPLETED);
    }

    private static void afterThis(Runnable work) {
        TransactionSynchronizationManager.registerSynchronization(new TransactionSynchronization() {
            @Override
            public void afterCompletion(int status) {
                work.run();
            }
        });
    }

    /** Spring Batch records a job and its execution in two transactions; the owner may die in between. */
    @Test
    void aRunWhoseJobNeverBeganIsResumed(@Autowired JobRepository repository) throws Exception {
        Run left;
        try (Brake brake = Brake.at(dataSource, BRAKE_AT)) {
            Run run = runs.start(RunKind.FULL, "ada");
            brake.awaitBraked(run.id());
            runs.stop(run.id(), "bob");
            brake.release();
            left = leftBehind(await(run));
        }
        jdbc.sql("delete from run_stop").update();
        long execution = jdbc.sql("select job_execution_id from run where id = :id")
                .param("id", left.id())
                .query(Long.class)
                .single();
        repository.deleteJobExecution(repository.getJobExecution(execution));

        runs.resumeAbandoned();

        Run ended = await(left);
        assertThat(ended.state()).as(ended.sentence()).isEqualTo(RunState.COMPLETED);
    }

    @Test
    void aRunWhoseOwnerFreezesWhileItStagesIsTakenOverAtOnce() throws Exception {
        Run undisturbed = await(runs.start(RunKind.FULL, "ada"));
        try (Connection holder = dataSource.getConnection();
                ConfigurableApplicationContext frozen = OtherProcess.inThisJvm(environment, SAME_SETTINGS)) {
            holder.setAutoCommit(false);
            try (Statement statement = holder.createStatement()) {
                // Written last, so the inputs are already: their keys wait for who writes them.
                statement.execute("lock table run_partition in share mode");
            }
            Runs others = frozen.getBean(Runs.class);
            Run run = others.start(RunKind.FULL, "eve");
            Eventually.holds("it has staged", () -> waiterForPartitions() != 0);
            int staging = waiterForPartitions();

            awaitTakeover();

            Eventually.holds(
                    "the session is gone",
                    () -> jdbc.sql("select not exists (select from pg_stat_activity where pid = :pid)")
                            .param("pid", staging)
                            .query(Boolean.class)
                            .single());
            Eventually.holds("the new owner has staged", () -> waiterForPartitions() != 0);
            holder.rollback();
            Run ended = await(run);
            others.await(run.id(), progress -> {});
            assertThat(ended.state()).as(ended.sentence()).isEqualTo(RunState.COMPLETED);
            assertThat(ended.checksum()).isEqualTo(undisturbed.checksum());
        }
    }

    @Test
    void aRunWhoseOwnerFreezesAfterItRecordedItsSnapshotIsTakenOverAtOnce() throws Exception {
        try (Brake brake = Brake.at(
                        dataSource,
                        Brake.Moment.COMMIT,
                        "run",
                        "new.snapshot_at is not null and old.snapshot_at is null");
                ConfigurableApplicationContext frozen = OtherProcess.inThisJvm(environment, SAME_SETTINGS)) {
            Runs others = frozen.getBean(Runs.class);
            Run run = others.start(RunKind.FULL, "eve");
            brake.awaitWaiter();
            FutureTask<Void> takeover = new FutureTask<>(() -> {
                awaitTakeover();
                return null;
            });
            new Thread(takeover).start();

            assertThatCode(() -> takeover.get(1, TimeUnit.MINUTES)).doesNotThrowAnyException();
            brake.release();
            Run ended = await(run);
            others.await(run.id(), progress -> {});
            assertThat(ended.state()).as(ended.sentence()).isEqualTo(RunState.COMPLETED);
        }
    }

    /** Its lease lapses as if its owner had slept; a renewal may come between, then once more. */
    private void awaitTakeover() throws InterruptedException {
        Eventually.holds("the run is taken over", () -> {
            jdbc.sql("update run_lease set expires_at = now() - interval '1 second'")
                    .update();
            return runs.resumeAbandoned().isPresent();
        });
    }

    /** Process id of the session that waits to write a plan; 0 if there is none. */
    private int waiterForPartitions() {
        return jdbc.sql("select pid from pg_locks where relation = 'run_partition'::regclass and not granted")
                .query(Integer.class)
                .optional()
                .orElse(0);
    }

    @Test
    void whoFreezesInTheMiddleOfADecisionHoldsUpTheOthersForALeaseOnly(
            @Autowired RunLock lock, @Autowired PlatformTransactionManager transactions) throws Exception {
        FutureTask<Run> start = new FutureTask<>(() -> runs.start(RunKind.FULL, "ada"));

        assertThatThrownBy(() -> new TransactionTemplate(transactions).executeWithoutResult(tx -> {
                    lock.take();
                    new Thread(start).start();
                    assertThatCode(() -> start.get(1, TimeUnit.MINUTES)).doesNotThrowAnyException();
                }))
                .satisfies(
                        failure -> assertThat(Disconnection.isCauseOf(failure)).isTrue());

        assertThat(await(start.get()).state()).isEqualTo(RunState.COMPLETED);
    }

    /** There a table has the same number, as after {@code create database ... template}. */
    @Test
    void whoWorksOnARunOfAnotherDatabaseKeepsHisSession(@Autowired RunLease lease) throws Exception {
        TestDatabase another = TestDatabase.migrated();
        Run left = leftBehind(stoppedInScoring());
        try (Connection worker = another.dataSource().getConnection();
                Statement statement = worker.createStatement()) {
            worker.setAutoCommit(false);
            statement.execute("select from run_lease for key share");

            lease.release(lease.take(left.id()));

            assertThatCode(() -> statement.execute("select 1")).doesNotThrowAnyException();
        }
    }

    private static ScoringSettings decay(double perKm) {
        return new ScoringSettings(null, null, null, perKm, null, null, null, null, null, null, null, null, null, null);
    }
}
