package dev.luna.batch.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.sql.Connection;
import java.sql.Statement;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

/** Whose run it is: starters who fight for it, processes that die or wake too late, and who takes over. */
class RunTakeoverIT extends RunLifecycle {

    @Autowired
    private RunVerifier verifier;

    @Autowired
    private RunLease lease;

    @Autowired
    private RunLauncher launcher;

    @Autowired
    private Publication publication;

    @Autowired
    private PublishGate gate;

    @Autowired
    private PlatformTransactionManager transactions;

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
            await(runs.list(RunFilter.ALL, null, 1).get(0));
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
        assertThat(runs.list(RunFilter.ALL, null, 10)).hasSize(1);
    }

    @ParameterizedTest
    @ValueSource(strings = {"by hand", "by the schedule", "of a stopped run"})
    void aStartWaitsForARunThatOnlyTidiesUp(String how) throws Exception {
        Run early = stoppedInScoring();
        Run late = stoppedInScoring();
        ExecutorService starter = Executors.newSingleThreadExecutor();
        try (Connection hold = dataSource.getConnection()) {
            hold.setAutoCommit(false);
            try (Statement statement = hold.createStatement()) {
                // At the very end of a run, what changed before the oldest kept one is forgotten.
                statement.execute("lock table user_change in share mode");
            }
            Run complete = runs.restart(early.id(), "ada");
            Eventually.holds("it is published", () -> runs.get(complete.id()).state() == RunState.COMPLETED);

            assertThatThrownBy(() -> launcher.launch(this::nothing, Patience.NONE))
                    .isInstanceOf(RunRefusedException.class)
                    .hasMessageStartingWith("Run %d is complete, but ", complete.id())
                    .hasMessageContaining(" still removes old runs")
                    .hasMessageEndingWith("try again in a moment");

            Future<Run> next = starter.submit(() -> switch (how) {
                case "by hand" -> runs.start(RunKind.FULL, "bob");
                case "by the schedule" ->
                    runs.startScheduled(RunKind.FULL, Instant.parse("2030-01-31T02:00:00Z"))
                            .run();
                default -> runs.restart(late.id(), "bob");
            });
            AtomicInteger asked = new AtomicInteger();
            assertThat(launcher.launch(
                            () -> asked.incrementAndGet() < 4 ? nothing() : Optional.empty(), Patience.BRIEF))
                    .isEmpty();
            hold.rollback();

            Run ended = await(next.get());
            assertThat(ended.id()).isEqualTo(how.equals("of a stopped run") ? late.id() : late.id() + 1);
            assertThat(ended.state()).as(ended.sentence()).isEqualTo(RunState.COMPLETED);
        } finally {
            starter.shutdown();
        }
    }

    /** No run is wanted, yet one in the way refuses. */
    private Optional<Claim> nothing() {
        launcher.refuseIfLive();
        return Optional.empty();
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
        // It may have gone on already.
        assertThat(resumed.progress().usersDone())
                .isGreaterThanOrEqualTo(left.progress().usersDone());
        Run ended = await(resumed);
        assertThat(ended.state()).as(ended.sentence()).isEqualTo(RunState.COMPLETED);
        assertThat(ended.checksum()).isEqualTo(undisturbed.checksum());
        assertThat(differingRows(undisturbed.id(), ended.id())).isZero();
    }

    @ParameterizedTest(name = "{0} is {1}")
    @CsvSource({
        "batch_job_execution, UNKNOWN",
        "batch_job_execution, STARTED",
        "batch_step_execution, UNKNOWN",
        "batch_step_execution, STARTED"
    })
    void recordsOfALateOwnerDoNotKeepTheRunFromGoingOn(String table, String status) throws Exception {
        Run left = leftBehind(stoppedInScoring());
        jdbc.sql("delete from run_stop").update();
        jdbc.sql("update %s set status = 'UNKNOWN' where status = 'STOPPED'".formatted(table))
                .update();

        // What the new owner recovers is overwritten twice, as if by the late one right after.
        Run ended;
        try (LateRecords late = LateRecords.over(dataSource, table, status, 2)) {
            ended = await(runs.resumeAbandoned().orElseThrow());
            assertThat(late.left()).isZero();
        }

        assertThat(ended.id()).isEqualTo(left.id());
        assertThat(ended.state()).as(ended.sentence()).isEqualTo(RunState.COMPLETED);
        assertThat(verifier.verify(ended.id(), USERS).equal()).isEqualTo(USERS);
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
    void anOwnerWhoseTokenIsOldCannotCompleteJudgeOrPublishTheRun() throws Exception {
        Run run = leftBehind(await(runs.start(RunKind.FULL, "ada")));
        Claim old = new Claim(run.id(), 0);
        List<Consumer<Claim>> steps = List.of(
                publication::completeRows,
                publication::keyVenues,
                publication::keyCompanions,
                publication::seal,
                claim -> gate.judge(claim, () -> false),
                publication::publish);

        for (Consumer<Claim> step : steps) {
            assertThatThrownBy(() -> new TransactionTemplate(transactions).executeWithoutResult(tx -> step.accept(old)))
                    .isInstanceOf(LeaseLostException.class);
        }
        assertThat(runs.get(run.id()).state()).isEqualTo(RunState.RUNNING);
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
        assertThat(runs.get(run.id()).owner()).isNotNull();
        lease.release(second);
        assertThat(runs.get(run.id()).owner()).isNull();
    }
}
