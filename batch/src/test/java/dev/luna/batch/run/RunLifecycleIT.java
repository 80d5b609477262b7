package dev.luna.batch.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.luna.batch.database.RunTables;
import dev.luna.batch.database.TestDatabase;
import java.sql.Connection;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import javax.sql.DataSource;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.core.env.Environment;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

/** Runs that are stopped, killed, taken over and fought for. Chunks are of 8 users, so there are many. */
@SpringBootTest(
        properties = {
            "luna.recompute.block-users=8",
            "luna.recompute.chunk-users=8",
            "luna.recompute.threads=2",
            "luna.recompute.lease=3s"
        })
class RunLifecycleIT {

    private static final int USERS = 400;
    private static final String[] SAME_SETTINGS = {
        "luna.recompute.block-users=8",
        "luna.recompute.chunk-users=8",
        "luna.recompute.threads=2",
        "luna.recompute.lease=3s"
    };

    /** Two chunks of each partition commit, the third waits. */
    private static final int BRAKE_AT = 24;

    @Autowired
    private Runs runs;

    @Autowired
    private RunVerifier verifier;

    @Autowired
    private RunLease lease;

    @Autowired
    private RunLauncher launcher;

    @Autowired
    private DataSource dataSource;

    @Autowired
    private JdbcClient jdbc;

    @Autowired
    private PlatformTransactionManager transactions;

    @Autowired
    private Environment environment;

    @BeforeEach
    void town() {
        TestDatabase.clear(jdbc);
        SmallWorld.create(jdbc, USERS, 60);
    }

    @Test
    void aKilledRunIsResumedAndEndsAsIfUndisturbed() throws Exception {
        Run undisturbed = await(runs.start(RunKind.FULL, "ada"));

        try (Brake brake = Brake.at(dataSource, BRAKE_AT)) {
            Process process = OtherProcess.recomputeInOwnJvm(environment, SAME_SETTINGS);
            long id = undisturbed.id() + 1;
            brake.awaitBraked(id);
            process.destroyForcibly().waitFor();

            // The dead process's sessions still wait inside their chunks; the takeover must get past them.
            Eventually.holds("the lease lapses", () -> !runs.get(id).owner().live());
            assertThat(runs.get(id).state()).isEqualTo(RunState.RUNNING);
            assertThat(runs.get(id).sentence()).contains("no longer holds the lease");
            long doneBefore = runs.get(id).progress().usersDone();
            assertThat(doneBefore).isBetween(8L, 32L);

            Run resumed = runs.start(RunKind.FULL, "ada");
            assertThat(resumed.id()).isEqualTo(id);
            assertThat(resumed.progress().usersDone()).isEqualTo(doneBefore);
            brake.release();
            Run ended = await(resumed);

            assertThat(ended.state()).as(ended.sentence()).isEqualTo(RunState.COMPLETED);
            assertThat(ended.requestedBy()).isEqualTo("other process");
            assertThat(ended.checksum()).isEqualTo(undisturbed.checksum());
            assertThat(verifier.verify(id, USERS).equal()).isEqualTo(USERS);
            assertThat(differingRows(undisturbed.id(), id)).isZero();
        }
    }

    @Test
    void aStoppedRunKeepsItsChunksAndEndsAsIfUndisturbed() throws Exception {
        Run undisturbed = await(runs.start(RunKind.FULL, "ada"));

        Run stopped = stoppedInScoring();
        assertThat(stopped.state()).as(stopped.sentence()).isEqualTo(RunState.STOPPED);
        assertThat(stopped.progress().usersDone()).isBetween(8L, USERS - 1L);
        assertThat(stopped.owner()).isNull();
        assertThat(stopped.sentence()).contains("luna runs restart " + stopped.id());

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

            runs.stop(run.id(), "bob");
            brake.release();

            assertThat(await(run).state()).isEqualTo(RunState.STOPPED);
        }
    }

    @Test
    void aProcessThatShutsDownStopsItsRunFirst() throws Exception {
        try (Brake brake = Brake.at(dataSource, BRAKE_AT)) {
            ConfigurableApplicationContext other = OtherProcess.inThisJvm(environment, SAME_SETTINGS);
            Run run = other.getBean(Runs.class).start(RunKind.FULL, "eve");
            brake.awaitBraked(run.id());
            Thread shutdown = new Thread(other::close);
            shutdown.start();
            Eventually.holds(
                    "the run is asked to stop",
                    () -> jdbc.sql(
                                    "select exists (select from batch_job_execution where status in ('STOPPING', 'STOPPED'))")
                            .query(Boolean.class)
                            .single());
            brake.release();
            shutdown.join();

            assertThat(runs.get(run.id()).state()).isEqualTo(RunState.STOPPED);
            assertThat(runs.get(run.id()).owner()).isNull();
        }
    }

    @Test
    void aCommandThatIsTerminatedStopsItsRunAndExitsAsItsHelpSays() throws Exception {
        try (Brake brake = Brake.at(dataSource, BRAKE_AT)) {
            Process process = OtherProcess.recomputeByCommand(environment, SAME_SETTINGS);
            brake.awaitWaiter();
            long id = runs.list(null, 1).get(0).id();
            process.destroy();
            Eventually.holds(
                    "the run is asked to stop",
                    () -> jdbc.sql(
                                    "select exists (select from batch_job_execution where status in ('STOPPING', 'STOPPED'))")
                            .query(Boolean.class)
                            .single());
            brake.release();

            assertThat(process.waitFor()).isEqualTo(143);
            assertThat(runs.get(id).state()).as(runs.get(id).sentence()).isEqualTo(RunState.STOPPED);
        }
    }

    @Test
    void ofManyStartersInTwoProcessesExactlyOneStartsARun() throws Exception {
        int starters = 8;
        ExecutorService threads = Executors.newFixedThreadPool(starters);
        List<Future<Run>> answers;
        try (Brake brake = Brake.at(dataSource, BRAKE_AT);
                ConfigurableApplicationContext other = OtherProcess.inThisJvm(environment, SAME_SETTINGS)) {
            Runs others = other.getBean(Runs.class);
            List<Callable<Run>> starts =
                    new ArrayList<>(Collections.nCopies(starters / 2, () -> runs.start(RunKind.FULL, "ada")));
            starts.addAll(Collections.nCopies(starters / 2, () -> others.start(RunKind.FULL, "eve")));
            answers = threads.invokeAll(starts);
            brake.release();
            await(runs.list(null, 1).get(0));
        } finally {
            threads.shutdown();
        }

        List<Run> started = new ArrayList<>();
        List<Throwable> refused = new ArrayList<>();
        for (Future<Run> answer : answers) {
            try {
                started.add(answer.get());
            } catch (ExecutionException e) {
                refused.add(e.getCause());
            }
        }
        assertThat(started).hasSize(1);
        assertThat(refused)
                .hasSize(starters - 1)
                .allSatisfy(refusal -> assertThat(refusal)
                        .isInstanceOf(RunRefusedException.class)
                        .hasMessageContaining(
                                "Run %d is already under way since",
                                started.get(0).id())
                        .hasMessageContaining("luna runs stop"));
        await(started.get(0));
        assertThat(runs.list(null, 10)).hasSize(1);
    }

    @ParameterizedTest
    @ValueSource(strings = {"by hand", "by the schedule"})
    void aStartWaitsForARunThatOnlyTidiesUp(String how) throws Exception {
        ExecutorService starter = Executors.newSingleThreadExecutor();
        try (Connection hold = dataSource.getConnection()) {
            hold.setAutoCommit(false);
            try (Statement statement = hold.createStatement()) {
                // At the very end of a run, what changed before the oldest kept one is forgotten.
                statement.execute("lock table user_change in share mode");
            }
            Run complete = runs.start(RunKind.FULL, "ada");
            Eventually.holds("it is published", () -> runs.get(complete.id()).state() == RunState.COMPLETED);

            assertThatThrownBy(() -> launcher.launch(this::nothing, Duration.ZERO))
                    .isInstanceOf(RunRefusedException.class)
                    .hasMessageStartingWith("Run %d is complete, but ", complete.id())
                    .hasMessageContaining(" still removes old runs")
                    .hasMessageEndingWith("try again in a moment");

            Future<Run> next = starter.submit(() -> how.equals("by hand")
                    ? runs.start(RunKind.FULL, "bob")
                    : runs.startScheduled(RunKind.FULL, Instant.parse("2030-01-31T02:00:00Z")));
            AtomicInteger asked = new AtomicInteger();
            assertThat(launcher.launch(
                            () -> asked.incrementAndGet() < 4 ? nothing() : Optional.empty(), RunLauncher.BRIEFLY))
                    .isEmpty();
            hold.rollback();

            Run ended = await(next.get());
            assertThat(ended.id()).isEqualTo(complete.id() + 1);
            assertThat(ended.state()).as(ended.sentence()).isEqualTo(RunState.COMPLETED);
        } finally {
            starter.shutdown();
        }
    }

    /** No run is wanted, yet one in the way refuses. */
    private Optional<Claim> nothing() {
        launcher.refuseIfLive(lease.holder().orElse(null));
        return Optional.empty();
    }

    @Test
    void anOwnerWhoseTokenIsOldCannotWrite() throws Exception {
        try (Brake brake = Brake.at(dataSource, BRAKE_AT)) {
            Run run = runs.start(RunKind.FULL, "ada");
            brake.awaitBraked(run.id());
            // As a takeover does it, but without ending the old owner's sessions.
            Thread takeover = new Thread(
                    () -> jdbc.sql("update run_lease set token = token + 1").update());
            takeover.start();
            takeover.join();
            long before = runs.get(run.id()).progress().usersDone();
            brake.release();
            Eventually.holds(
                    "the old owner gives up",
                    () -> jdbc.sql("""
                            select not exists (select from batch_job_execution where status in ('STARTED', 'STOPPING'))
                            """).query(Boolean.class).single());

            // Chunks that had proven their token before the takeover may commit; none after it.
            assertThat(runs.get(run.id()).progress().usersDone()).isBetween(before, before + 16);
            assertThat(runs.get(run.id()).state()).isEqualTo(RunState.RUNNING);
        }
    }

    @Test
    void aClaimIsProvenOnlyByItsHolder() throws Exception {
        Run run = await(runs.start(RunKind.FULL, "ada"));
        TransactionTemplate transaction = new TransactionTemplate(transactions);
        Claim first = transaction.execute(tx -> lease.take(run.id()));
        Claim second = transaction.execute(tx -> lease.take(run.id()));

        assertThatThrownBy(() -> transaction.executeWithoutResult(tx -> lease.prove(first)))
                .isInstanceOf(LeaseLostException.class);
        assertThat(lease.renew(first)).isFalse();
        transaction.executeWithoutResult(tx -> lease.prove(second));
        assertThat(lease.renew(second)).isTrue();
        lease.release(first);
        assertThat(lease.holder()).isPresent();
        lease.release(second);
        assertThat(lease.holder()).isEmpty();
    }

    @Test
    void aDeadRunCanBeStoppedAndANewOneStarted() throws Exception {
        Run dead = await(runs.start(RunKind.FULL, "ada"));
        jdbc.sql("update run set state = 'running' where id = :id")
                .param("id", dead.id())
                .update();

        assertThat(runs.stop(dead.id(), "bob").state()).isEqualTo(RunState.STOPPED);

        Run next = await(runs.start(RunKind.FULL, "ada"));
        assertThat(next.id()).isNotEqualTo(dead.id());
        assertThat(next.state()).isEqualTo(RunState.COMPLETED);
        assertThatThrownBy(() -> runs.restart(dead.id(), "bob"))
                .isInstanceOf(RunRefusedException.class)
                .hasMessageContaining("a newer run was published since");
    }

    @Test
    void aFailedRunKeepsItsReasonAndGoesOnWhenItIsGone() throws Exception {
        jdbc.sql("""
                        create function test_failure() returns trigger language plpgsql as $$
                        begin
                          if new.users_done >= 24 then raise exception 'the moon is in the wrong house'; end if;
                          return new;
                        end
                        $$
                        """).update();
        jdbc.sql(
                        "create trigger test_failure before update on run_partition for each row execute function test_failure()")
                .update();
        Run failed;
        try {
            failed = await(runs.start(RunKind.FULL, "ada"));
        } finally {
            jdbc.sql("drop trigger test_failure on run_partition").update();
            jdbc.sql("drop function test_failure").update();
        }

        assertThat(failed.state()).isEqualTo(RunState.FAILED);
        // Chunks are of 8 users: two were stored, the third failed, in whichever partition came to it first.
        int partition = failed.failure().partition();
        int first = jdbc.sql(
                        "select first_position + 16 from run_partition where run_id = :run and partition_no = :partition")
                .param("run", failed.id())
                .param("partition", partition)
                .query(Integer.class)
                .single();
        assertThat(failed.failure().users()).isEqualTo(8);
        assertThat(jdbc.sql("select user_id from %s where position in (:first, :last) order by position"
                                .formatted(new RunTables(failed.id()).inputs()))
                        .param("first", first)
                        .param("last", first + 7)
                        .query(UUID.class)
                        .list())
                .containsExactly(
                        failed.failure().firstUserId(), failed.failure().lastUserId());
        assertThat(failed.failure().sentences())
                .contains("in partition " + partition + " among 8 users")
                .contains("the moon is in the wrong house")
                .doesNotContain("\tat ")
                .doesNotContain("update run_partition");
        assertThat(failed.sentence()).contains("luna runs restart " + failed.id());
        Run ended = await(runs.restart(failed.id(), "bob"));
        assertThat(ended.state()).as(ended.sentence()).isEqualTo(RunState.COMPLETED);
        assertThat(ended.failure()).isNull();
        assertThat(verifier.verify(ended.id(), USERS).equal()).isEqualTo(USERS);
    }

    @Test
    void aBrokenConnectionDoesNotEndTheRun() throws Exception {
        Run undisturbed = await(runs.start(RunKind.FULL, "ada"));

        try (Brake brake = Brake.at(dataSource, BRAKE_AT)) {
            endsAsIfUndisturbedThoughItsSessionsAreCut(brake, undisturbed);
        }
    }

    @Test
    void aConnectionLostInMidCommitDoesNotEndTheRun() throws Exception {
        Run undisturbed = await(runs.start(RunKind.FULL, "ada"));

        try (Brake brake = Brake.atCommit(dataSource, BRAKE_AT)) {
            endsAsIfUndisturbedThoughItsSessionsAreCut(brake, undisturbed);
        }
    }

    private void endsAsIfUndisturbedThoughItsSessionsAreCut(Brake brake, Run undisturbed) throws Exception {
        Run run = runs.start(RunKind.FULL, "ada");
        brake.awaitBraked(run.id());
        jdbc.sql("""
                        select pg_terminate_backend(pid) from pg_locks
                        where locktype = 'advisory' and objid = 4711 and not granted
                        """).query().listOfRows();
        brake.release();
        Run ended = await(run);

        assertThat(ended.state()).as(ended.sentence()).isEqualTo(RunState.COMPLETED);
        assertThat(ended.checksum()).isEqualTo(undisturbed.checksum());
        assertThat(differingRows(undisturbed.id(), ended.id())).isZero();
    }

    /** As a process leaves it that dies: the run is running, its lease lapsed. */
    private Run leftBehind(Run run) {
        jdbc.sql("update run set state = 'running', finished_at = null where id = :id")
                .param("id", run.id())
                .update();
        jdbc.sql("""
                        update run_lease
                        set token = token + 1, run_id = :id, owner = 'gone:1', acquired_at = now() - interval '1 minute',
                            expires_at = now() - interval '1 second'
                        """).param("id", run.id()).update();
        return run;
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
    void aStopThatNobodyHeardIsHeardByTheComputation() throws Exception {
        Run run;
        try (Brake brake = Brake.at(dataSource, 24)) {
            run = runs.start(RunKind.FULL, "ada");
            brake.awaitBraked(run.id());
            // As from a process that dies before it can say more.
            jdbc.sql("insert into run_stop (run_id, requested_by) values (:id, 'bob')")
                    .param("id", run.id())
                    .update();
            Eventually.holds(
                    "the job is told",
                    () -> jdbc.sql(
                                    "select exists (select from batch_job_execution where status in ('STOPPING', 'STOPPED'))")
                            .query(Boolean.class)
                            .single());
            brake.release();
            run = await(run);
        }

        assertThat(run.state()).as(run.sentence()).isEqualTo(RunState.STOPPED);
    }

    @ParameterizedTest
    @ValueSource(strings = {"STARTED", "STOPPING", "UNKNOWN"})
    void aRunIsResumedByItselfFromWhateverItsMetadataSay(String status) throws Exception {
        Run undisturbed = await(runs.start(RunKind.FULL, "ada"));
        Run left = leftBehind(stoppedInScoring());
        jdbc.sql("delete from run_stop").update();
        for (String table : List.of("batch_step_execution", "batch_job_execution")) {
            jdbc.sql("update %s set status = :status, end_time = null where status = 'STOPPED'".formatted(table))
                    .param("status", status)
                    .update();
        }

        Run resumed = runs.resumeAbandoned().orElseThrow();

        assertThat(resumed.id()).isEqualTo(left.id());
        assertThat(resumed.progress().usersDone()).isEqualTo(left.progress().usersDone());
        Run ended = await(resumed);
        assertThat(ended.state()).as(ended.sentence()).isEqualTo(RunState.COMPLETED);
        assertThat(ended.checksum()).isEqualTo(undisturbed.checksum());
        assertThat(differingRows(undisturbed.id(), ended.id())).isZero();
    }

    @Test
    void anOwnerThatWakesAfterATakeoverWritesNothing() throws Exception {
        Run undisturbed = await(runs.start(RunKind.FULL, "ada"));
        try (Brake brake = Brake.at(dataSource, BRAKE_AT);
                ConfigurableApplicationContext frozen = OtherProcess.inThisJvm(environment, SAME_SETTINGS)) {
            Runs others = frozen.getBean(Runs.class);
            Run run = others.start(RunKind.FULL, "eve");
            brake.awaitBraked(run.id());

            // Its lease lapses as if it had slept; a renewal may come between, then once more.
            Eventually.holds("the run is taken over", () -> {
                jdbc.sql("update run_lease set expires_at = now() - interval '1 second'")
                        .update();
                return runs.resumeAbandoned().isPresent();
            });
            brake.release();
            Run ended = await(run);
            others.await(run.id(), progress -> {});

            assertThat(ended.state()).as(ended.sentence()).isEqualTo(RunState.COMPLETED);
            assertThat(ended.checksum()).isEqualTo(undisturbed.checksum());
            assertThat(differingRows(undisturbed.id(), ended.id())).isZero();
            assertThat(runs.get(run.id())).isEqualTo(ended);
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

    private Run stoppedInScoring() throws Exception {
        try (Brake brake = Brake.at(dataSource, BRAKE_AT)) {
            Run run = runs.start(RunKind.FULL, "ada");
            brake.awaitBraked(run.id());
            runs.stop(run.id(), "bob");
            brake.release();
            return await(run);
        }
    }

    private Run await(Run run) throws InterruptedException {
        return runs.await(run.id(), progress -> {});
    }

    /** Rankings that only one of two runs has, byte for byte. */
    private long differingRows(long left, long right) {
        return jdbc.sql("""
                        select count(*) from (
                          (select user_id, ranking from venue_ranking where run_id = :left
                           except select user_id, ranking from venue_ranking where run_id = :right)
                          union all
                          (select user_id, ranking from companion_ranking where run_id = :left
                           except select user_id, ranking from companion_ranking where run_id = :right)) difference
                        """)
                .param("left", left)
                .param("right", right)
                .query(Long.class)
                .single();
    }
}
