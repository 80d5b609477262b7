package dev.luna.batch.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.sql.Connection;
import java.sql.Statement;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.transaction.PlatformTransactionManager;

/** Runs that people stop, before and after their process died. */
class RunStopIT extends RunLifecycle {

    @Test
    void aStoppedRunKeepsItsChunksAndEndsAsIfUndisturbed() throws Exception {
        Run undisturbed = await(runs.start(RunKind.FULL, "ada"));

        Run stopped = stoppedInScoring();
        assertThat(stopped.state()).as(stopped.sentence()).isEqualTo(RunState.STOPPED);
        assertThat(stopped.progress().usersDone()).isBetween(8L, USERS - 1L);
        assertThat(stopped.owner()).isNull();
        assertThat(stopped.finishedAt()).isAfter(stopped.phaseStartedAt());
        assertThat(stopped.timings().get(RunPhase.SCORING)).isPositive();
        assertThat(stopped.sentence())
                .contains(" on request of bob. Resume it with `luna runs restart " + stopped.id());

        Run ended = await(runs.restart(stopped.id(), "bob"));

        assertThat(ended.state()).as(ended.sentence()).isEqualTo(RunState.COMPLETED);
        assertThat(ended.checksum()).isEqualTo(undisturbed.checksum());
        assertThat(differingRows(undisturbed.id(), ended.id())).isZero();
    }

    @Test
    void aRunOfAnotherProcessCanBeStopped() throws Exception {
        try (Brake brake = Brake.at(dataSource, BRAKE_AT);
                ConfigurableApplicationContext other = OtherProcess.inThisJvm(environment, SAME_SETTINGS)) {
            Run run = other.getBean(Runs.class).start(RunKind.FULL, "eve");
            brake.awaitBraked(run.id());
            String step = recordOfScoring();

            runs.stop(run.id(), "bob");
            assertThat(runs.stop(run.id(), "carol").stopRequestedBy()).isEqualTo("bob");
            // Else the step may fail by what it finds there, before it goes on and stops.
            assertThat(recordOfScoring()).isEqualTo(step);
            brake.release();

            assertThat(await(run).state()).isEqualTo(RunState.STOPPED);
        }
    }

    @Test
    void aDeadRunCanBeStoppedAndANewOneStarted() throws Exception {
        Run dead = await(runs.start(RunKind.FULL, "ada"));
        jdbc.sql("update run set state = 'running' where id = :id")
                .param("id", dead.id())
                .update();

        Run stopped = runs.stop(dead.id(), "bob");
        assertThat(stopped.state()).isEqualTo(RunState.STOPPED);
        assertThat(stopped.sentence()).contains(" on request of bob.");

        Run next = await(runs.start(RunKind.FULL, "ada"));
        assertThat(next.id()).isNotEqualTo(dead.id());
        assertThat(next.state()).isEqualTo(RunState.COMPLETED);
        assertThatThrownBy(() -> runs.restart(dead.id(), "bob"))
                .isInstanceOf(RunRefusedException.class)
                .hasMessageContaining("run %d, which began later, was published meanwhile", next.id());
    }

    @Test
    void aRunThatIsTakenOverWhileItIsToBeEndedIsStoppedByItsNewOwner() throws Exception {
        Run left = leftBehind(stoppedInScoring());
        jdbc.sql("delete from run_stop").update();
        jdbc.sql("update batch_job_execution set status = 'UNKNOWN'").update();
        // The common pool has but one thread on two cores.
        Executor onThreadsOfTheirOwn = task -> new Thread(task).start();
        try (Brake brake = Brake.at(dataSource, BRAKE_AT)) {
            CompletableFuture<Void> stop;
            try (Connection decider = dataSource.getConnection();
                    Statement statement = decider.createStatement()) {
                decider.setAutoCommit(false);
                statement.execute("select pg_advisory_xact_lock(" + RunLock.KEY + ")");
                CompletableFuture.runAsync(runs::resumeAbandoned, onThreadsOfTheirOwn);
                Eventually.holds("the takeover waits", () -> Sessions.isRunLockAwaitedBy(jdbc, 1));
                stop = CompletableFuture.runAsync(() -> runs.stop(left.id(), "bob"), onThreadsOfTheirOwn);
                Eventually.holds("the stop waits after it", () -> Sessions.isRunLockAwaitedBy(jdbc, 2));
                decider.rollback();
            }
            stop.join();
            Eventually.holds("the job is told", this::isJobTold);
            brake.release();
        }

        Run stopped = await(left);
        assertThat(stopped.state()).as(stopped.sentence()).isEqualTo(RunState.STOPPED);
        assertThat(stopped.owner()).isNull();
    }

    @Test
    void aRunWhoseProcessDiedBeforeItStoppedItIsStoppedNotResumed() throws Exception {
        Run left = leftBehind(stoppedInScoring());

        assertThat(runs.resumeAbandoned()).isEmpty();

        Run stopped = runs.get(left.id());
        assertThat(stopped.state()).as(stopped.sentence()).isEqualTo(RunState.STOPPED);
        assertThat(stopped.owner()).isNull();
        Run ended = await(runs.restart(left.id(), "bob"));
        assertThat(ended.state()).as(ended.sentence()).isEqualTo(RunState.COMPLETED);
    }

    @Test
    void aRunThatWasToStopWhenItsProcessDiedMakesWayForAnother() throws Exception {
        Run stopped = stoppedInScoring();
        Run left = leftBehind(stoppedInScoring());

        Run restarted = await(runs.restart(stopped.id(), "bob"));

        assertThat(restarted.state()).as(restarted.sentence()).isEqualTo(RunState.COMPLETED);
        assertThat(runs.get(left.id()).state()).isEqualTo(RunState.STOPPED);

        leftBehind(left);
        StartedRun started = runs.start(null, null, false, "ada");

        assertThat(started.resumed()).isFalse();
        assertThat(await(started.run()).state()).isEqualTo(RunState.COMPLETED);
        assertThat(runs.get(left.id()).state()).isEqualTo(RunState.STOPPED);
    }

    @Test
    void aRunThatWasLeftBehindGoesBeforeAnother() throws Exception {
        Run stopped = stoppedInScoring();
        Run abandoned = leftBehind(stoppedInScoring());
        jdbc.sql("delete from run_stop").update();

        assertThatThrownBy(() -> runs.restart(stopped.id(), "bob"))
                .isInstanceOf(RunRefusedException.class)
                .hasMessageContaining(
                        "Run " + abandoned.id() + " was left behind by a process that died and goes first");
        assertThat(runs.get(stopped.id()).state()).isEqualTo(RunState.STOPPED);
    }

    @Test
    void aStopThatNobodyHeardIsHeardByTheComputation() throws Exception {
        Run run;
        try (Brake brake = Brake.at(dataSource, BRAKE_AT)) {
            run = runs.start(RunKind.FULL, "ada");
            brake.awaitBraked(run.id());
            // As from a process that dies before it can say more.
            jdbc.sql("insert into run_stop (run_id, requested_by) values (:id, 'bob')")
                    .param("id", run.id())
                    .update();
            Eventually.holds("the job is told", this::isJobTold);
            brake.release();
            run = await(run);
        }

        assertThat(run.state()).as(run.sentence()).isEqualTo(RunState.STOPPED);
    }

    @Test
    void aStopThatTheComputationCannotHearYetIsStoredAndAnsweredAtOnce(
            @Autowired RunStore store,
            @Autowired RunLock lock,
            @Autowired RunWorker worker,
            @Autowired RunLauncher launcher,
            @Autowired RunStarts starts,
            @Autowired Publication publication,
            @Autowired RunStorageForecast storage,
            @Autowired PlatformTransactionManager transactions)
            throws Exception {
        Run run = leftBehind(stoppedInScoring());
        jdbc.sql("delete from run_stop").update();
        jdbc.sql("update run_lease set duration = '1 minute', expires_at = now() + interval '1 minute'")
                .update();
        AtomicInteger told = new AtomicInteger();
        RunJob deaf = new RunJob() {
            @Override
            public RunOutcome execute(Claim claim) {
                throw new IllegalStateException("nobody starts it");
            }

            @Override
            public void requestStop(long runId) {
                told.incrementAndGet();
            }

            @Override
            public void requestStop(Claim claim) {
                throw new IllegalStateException("it is another process's");
            }
        };

        Run asked = new Runs(store, lock, worker, deaf, launcher, starts, publication, storage, transactions)
                .stop(run.id(), "bob");

        assertThat(told).hasValue(1);
        assertThat(asked.stopRequestedBy()).isEqualTo("bob");
    }

    @Test
    void aRunResumedAfterOneThatBeganEarlierMissesNoChange() throws Exception {
        Run early = stoppedBeforeItsSnapshot();
        Run late = stoppedInScoring();
        jdbc.sql("update users set home_lat = 10, home_lng = 10 where id = md5('user6')::uuid")
                .update();

        assertThat(await(runs.restart(early.id(), "bob")).published()).isTrue();
        Run published = await(runs.restart(late.id(), "bob"));
        assertThat(published.published()).as(published.sentence()).isTrue();
        assertThat(runs.get(early.id()).snapshotAt()).isAfter(published.snapshotAt());

        Run refresh = await(runs.start(RunKind.REFRESH, "ada"));
        assertThat(refresh.baseRunId()).isEqualTo(late.id());
        assertThat(refresh.progress().usersDone()).as(refresh.sentence()).isPositive();
    }

    private String recordOfScoring() {
        return jdbc.sql("select status || ' ' || version from batch_step_execution where step_name = 'scoring'")
                .query(String.class)
                .single();
    }

    /** Whether the computation is asked to stop, or was before it began. */
    private boolean isJobTold() {
        return jdbc.sql("""
                        select exists (select from batch_job_execution where status in ('STOPPING', 'STOPPED'))
                            or not exists (select from run where state = 'running')
                        """).query(Boolean.class).single();
    }

    private Run stoppedBeforeItsSnapshot() throws Exception {
        try (Connection writer = dataSource.getConnection();
                Statement statement = writer.createStatement()) {
            writer.setAutoCommit(false);
            statement.execute("lock table user_social_edges in access exclusive mode");
            Run run = runs.start(RunKind.FULL, "ada");
            runs.stop(run.id(), "bob");
            Run stopped = await(run);
            assertThat(stopped.snapshotAt()).as(stopped.sentence()).isNull();
            return stopped;
        }
    }
}
