package dev.luna.batch.run;

import static org.assertj.core.api.Assertions.assertThat;

import java.sql.Connection;
import java.sql.Statement;
import org.junit.jupiter.api.Test;
import org.springframework.context.ConfigurableApplicationContext;

/** Processes that are told to end while they work on a run. */
class ShutdownIT extends RunLifecycle {

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
            assertThat(runs.get(run.id()).owner()).isNull();
        }
    }

    @Test
    void aRunClaimedDuringAShutdownIsStoppedToo() throws Exception {
        ConfigurableApplicationContext other = OtherProcess.inThisJvm(environment, SAME_SETTINGS);
        RunWorker worker = other.getBean(RunWorker.class);
        Runs othersRuns = other.getBean(Runs.class);
        Thread claim = new Thread(() -> othersRuns.start(RunKind.FULL, "eve"));
        Thread shutdown = new Thread(other::close);
        try (Brake brake = Brake.at(dataSource, BRAKE_AT)) {
            try (Connection decider = dataSource.getConnection();
                    Statement statement = decider.createStatement()) {
                decider.setAutoCommit(false);
                statement.execute("select pg_advisory_xact_lock(" + RunLock.KEY + ")");
                claim.start();
                Eventually.holds("the claim waits for the lock", this::somebodyWaitsForAnAdvisoryLock);
                shutdown.start();
                Eventually.holds("the process shuts down", () -> !worker.isRunning());
                decider.rollback();
            }
            awaitStopRequest();
            brake.release();
            claim.join();
            shutdown.join();
        }

        Run run = runs.list(null, 1).get(0);
        assertThat(run.state()).as(run.sentence()).isEqualTo(RunState.STOPPED);
        assertThat(run.owner()).isNull();
    }

    private boolean somebodyWaitsForAnAdvisoryLock() {
        return jdbc.sql("select exists (select from pg_locks where locktype = 'advisory' and not granted)")
                .query(Boolean.class)
                .single();
    }

    @Test
    void aCommandThatIsTerminatedStopsItsRunAndExitsAsItsHelpSays() throws Exception {
        try (Brake brake = Brake.at(dataSource, BRAKE_AT)) {
            Process process = OtherProcess.recomputeByCommand(environment, SAME_SETTINGS);
            brake.awaitWaiter();
            long id = runs.list(null, 1).get(0).id();
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
