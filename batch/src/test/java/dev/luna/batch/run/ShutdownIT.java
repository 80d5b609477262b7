package dev.luna.batch.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.sql.Connection;
import java.sql.Statement;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.FutureTask;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.transaction.PlatformTransactionManager;

/** Processes that are told to end while they work on a run. */
class ShutdownIT extends RunLifecycle {

    @Autowired
    private RunWorker worker;

    @Autowired
    private PlatformTransactionManager transactions;

    @Test
    void aProcessThatShutsDownStopsItsRunFirst() throws Exception {
        try (Brake brake = Brake.at(dataSource, BRAKE_AT)) {
            ConfigurableApplicationContext other = OtherProcess.inThisJvm(environment, SAME_SETTINGS);
            Run run = other.getBean(Runs.class).start(RunKind.FULL, "eve");
            brake.awaitBraked(run.id());
            Thread shutdown = new Thread(other::close);
            shutdown.start();
            awaitStopRequest();
            brake.release();
            shutdown.join();

            assertThat(runs.get(run.id()).state()).isEqualTo(RunState.STOPPED);
            assertThat(runs.get(run.id()).sentence()).doesNotContain(" on request of ");
            assertThat(runs.get(run.id()).owner()).isNull();
        }
    }

    @Test
    void aRunClaimedDuringAShutdownIsStoppedToo() throws Exception {
        ConfigurableApplicationContext other = OtherProcess.inThisJvm(environment, SAME_SETTINGS);
        RunWorker others = other.getBean(RunWorker.class);
        Runs othersRuns = other.getBean(Runs.class);
        Thread claim = new Thread(() -> othersRuns.start(RunKind.FULL, "eve"));
        Thread shutdown = new Thread(other::close);
        try (Connection decider = dataSource.getConnection();
                Statement statement = decider.createStatement()) {
            decider.setAutoCommit(false);
            statement.execute("select pg_advisory_xact_lock(" + RunLock.KEY + ")");
            claim.start();
            Eventually.holds("the claim waits for the lock", () -> Sessions.isRunLockAwaited(jdbc));
            shutdown.start();
            Eventually.holds("the process shuts down", () -> !others.isRunning());
            decider.rollback();
        }
        claim.join();
        shutdown.join();

        Run run = runs.list(RunFilter.ALL, null, 1).get(0);
        assertThat(run.state()).as(run.sentence()).isEqualTo(RunState.STOPPED);
        assertThat(run.owner()).isNull();
    }

    @Test
    void aRunClaimedAfterAShutdownGaveUpWaitingForItIsStoppedToo() throws Exception {
        Thread claim = new Thread(() -> runs.start(RunKind.FULL, "eve"));
        try (Connection decider = dataSource.getConnection();
                Statement statement = decider.createStatement()) {
            decider.setAutoCommit(false);
            statement.execute("select pg_advisory_xact_lock(" + RunLock.KEY + ")");
            claim.start();
            Eventually.holds("the claim waits for the lock", () -> Sessions.isRunLockAwaited(jdbc));
            worker.stop();
            decider.rollback();
            claim.join();
            Run run = await(runs.list(RunFilter.ALL, null, 1).get(0));

            assertThat(run.state()).as(run.sentence()).isEqualTo(RunState.STOPPED);
            assertThat(run.owner()).isNull();
        } finally {
            worker.start();
        }
    }

    @Test
    void aClaimThatLosesItsConnectionDuringAShutdownIsNotTriedAgain() throws Exception {
        FutureTask<Run> claim = new FutureTask<>(() -> runs.start(RunKind.FULL, "eve"));
        Thread shutdown = new Thread(worker::stop);
        try (Connection decider = dataSource.getConnection();
                Statement statement = decider.createStatement()) {
            decider.setAutoCommit(false);
            statement.execute("select pg_advisory_xact_lock(" + RunLock.KEY + ")");
            new Thread(claim).start();
            Eventually.holds("the claim waits for the lock", () -> Sessions.isRunLockAwaited(jdbc));
            shutdown.start();
            Eventually.holds("the process shuts down", () -> !worker.isRunning());
            statement.execute("""
                    select pg_terminate_backend(pid) from pg_locks where locktype = 'advisory' and not granted
                    """);
            decider.rollback();
            shutdown.join();

            assertThatThrownBy(claim::get)
                    .cause()
                    .isInstanceOf(RunRefusedException.class)
                    .hasMessageContaining("This process is shutting down");
            assertThat(runs.list(RunFilter.ALL, null, 1)).isEmpty();
        } finally {
            worker.start();
        }
    }

    @Test
    @Timeout(20)
    void aShutdownDoesNotWaitForADatabaseThatIsAway(
            @Autowired LeaseKeeper keeper,
            @Autowired RunLease lease,
            @Autowired RunLock lock,
            @Autowired RunStore store) {
        CountDownLatch begun = new CountDownLatch(1);
        CountDownLatch databaseIsBack = new CountDownLatch(1);
        RunJob stuck = new RunJob() {
            @Override
            public RunOutcome execute(Claim claim) {
                begun.countDown();
                await(databaseIsBack);
                return new RunOutcome(RunOutcome.End.STOPPED, null);
            }

            @Override
            public void requestStop(long runId) {
                await(databaseIsBack);
            }

            @Override
            public void requestStop(Claim claim) {
                await(databaseIsBack);
            }
        };
        RunWorker worker = new RunWorker(
                stuck, lease, keeper, store, new RunShutdown(stuck, lock, lease, store, transactions), transactions);
        worker.begin(() -> Optional.of(new Claim(1, 1)));
        await(begun);

        worker.stop(Duration.ofMillis(50));

        assertThat(worker.isWorkingOn(1)).isTrue();
        databaseIsBack.countDown();
    }

    @Test
    void aProcessThatHasLostItsRunDoesNotStopTheOneThatWorksOnItNow(@Autowired RunShutdown shutdown) throws Exception {
        try (Brake brake = Brake.at(dataSource, BRAKE_AT)) {
            Run run = runs.start(RunKind.FULL, "ada");
            brake.awaitBraked(run.id());
            Work lost = Work.on(new Claim(run.id(), 1));
            lost.over();

            shutdown.stop(lost);

            brake.release();
            Run ended = await(run);
            assertThat(ended.state()).as(ended.sentence()).isEqualTo(RunState.COMPLETED);
        }
    }

    private static void await(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    @Test
    void aCommandThatIsTerminatedStopsItsRunAndExitsAsItsHelpSays() throws Exception {
        try (Brake brake = Brake.at(dataSource, BRAKE_AT)) {
            Process process = OtherProcess.recomputeByCommand(environment, SAME_SETTINGS);
            brake.awaitWaiter();
            long id = runs.list(RunFilter.ALL, null, 1).get(0).id();
            process.destroy();
            awaitStopRequest();
            brake.release();

            assertThat(process.waitFor()).isEqualTo(143);
            assertThat(runs.get(id).state()).as(runs.get(id).sentence()).isEqualTo(RunState.STOPPED);
        }
    }

    @Test
    void aShutdownDoesNotWaitForALongStep() throws Exception {
        Run undisturbed = await(runs.start(RunKind.FULL, "ada"));
        ConfigurableApplicationContext other = OtherProcess.inThisJvm(environment, SAME_SETTINGS);
        Run stopped;
        try (Connection hold = dataSource.getConnection()) {
            hold.setAutoCommit(false);
            try (Statement statement = hold.createStatement()) {
                // Attaching the run's partitions waits for this, for as long as it takes.
                statement.execute("lock table run_venue in share update exclusive mode");
            }
            Run run = other.getBean(Runs.class).start(RunKind.FULL, "eve");
            Eventually.holds(
                    "verification waits",
                    () -> jdbc.sql(
                                    "select exists (select from pg_locks where relation = 'run_venue'::regclass and not granted)")
                            .query(Boolean.class)
                            .single());

            other.close();
            stopped = runs.get(run.id());
            hold.rollback();
        }

        assertThat(stopped.state()).as(stopped.sentence()).isEqualTo(RunState.STOPPED);
        assertThat(stopped.owner()).isNull();
        assertThat(stopped.phase()).isEqualTo(RunPhase.VERIFICATION);
        Run ended = await(runs.restart(stopped.id(), "bob"));
        assertThat(ended.state()).as(ended.sentence()).isEqualTo(RunState.COMPLETED);
        assertThat(ended.checksum()).isEqualTo(undisturbed.checksum());
    }

    private void awaitStopRequest() throws Exception {
        Eventually.holds(
                "the run is asked to stop",
                () -> jdbc.sql(
                                "select exists (select from batch_job_execution where status in ('STOPPING', 'STOPPED'))")
                        .query(Boolean.class)
                        .single());
    }
}
