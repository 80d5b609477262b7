package dev.luna.batch.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.sql.Connection;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.FutureTask;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;

/** What a run tells of itself while it is under way. */
class RunUnderWayIT extends RunLifecycle {

    @Test
    void aRunThatTakesLongerThanItsLeaseKeepsIt() throws Exception {
        Run run;
        try (Brake brake = Brake.at(dataSource, BRAKE_AT)) {
            run = runs.start(RunKind.FULL, "ada");
            brake.awaitBraked(run.id());
            Instant leaseUntil = runs.get(run.id()).owner().leaseUntil();

            // It is renewed every second, for three more.
            Eventually.holds("the lease is renewed twice", () -> {
                RunOwner owner = runs.get(run.id()).owner();
                assertThat(owner.live()).isTrue();
                assertThat(runs.resumeAbandoned()).isEmpty();
                return owner.leaseUntil().isAfter(leaseUntil.plusSeconds(1));
            });
        }

        assertThat(await(run).state()).isEqualTo(RunState.COMPLETED);
    }

    @Test
    void whoWaitsBrieflyForAnotherCountsTheTimeOfHisAttempts(@Autowired RunLauncher launcher) throws Exception {
        Run complete = await(runs.start(RunKind.FULL, "ada"));
        AtomicLong nanos = new AtomicLong();
        AtomicInteger attempts = new AtomicInteger();

        assertThatThrownBy(() -> launcher.launch(
                        () -> {
                            attempts.incrementAndGet();
                            // As if the lock were waited for; after the second time the 5 s are over.
                            nanos.addAndGet(Duration.ofSeconds(3).toNanos());
                            throw new RunRefusedException("it still removes old runs", complete);
                        },
                        Patience.BRIEF,
                        nanos::get))
                .isInstanceOf(RunRefusedException.class);

        assertThat(attempts).hasValue(2);
    }

    @Test
    void whoWaitsForARunOfHisOwnProcessWaitsUntilOldRunsAreRemoved() throws Exception {
        try (Connection reader = dataSource.getConnection();
                Statement statement = reader.createStatement()) {
            reader.setAutoCommit(false);
            // At the very end of a run, what changed before the oldest kept one is forgotten.
            statement.execute("lock table user_change in share mode");
            Run run = runs.start(RunKind.FULL, "ada");
            AtomicInteger seenComplete = new AtomicInteger();
            FutureTask<Run> waiting = new FutureTask<>(() -> runs.await(run.id(), progress -> {
                if (progress.state() == RunState.COMPLETED) {
                    seenComplete.incrementAndGet();
                }
            }));
            new Thread(waiting).start();
            Eventually.holds("it looks again at a complete run", () -> waiting.isDone() || seenComplete.get() > 1);
            assertThat(waiting.isDone()).isFalse();
            reader.rollback();

            assertThat(waiting.get().owner()).isNull();
        }
    }

    @Test
    void itsRateAndTheTimeLeftCountTheAttemptsBefore() throws Exception {
        Run run = stoppedInScoring();
        // What it was stopped for counts for nothing.
        jdbc.sql("update run set timings = '{\"scoring\": 1000}', phase_started_at = now() - interval '1 day'")
                .update();
        try (Brake brake = Brake.at(dataSource, 2 * BRAKE_AT)) {
            runs.restart(run.id(), "bob");
            brake.awaitBraked(run.id());
            assertThat(runs.get(run.id()).finishedAt()).isNull();
            jdbc.sql("update run set phase_started_at = phase_started_at - interval '1000 s'")
                    .update();

            RunProgress progress = runs.get(run.id()).progress();

            // 1000 s before and 1000 s now, and what the test took.
            assertThat(progress.usersPerSecond())
                    .isBetween(progress.usersDone() / 3000.0, progress.usersDone() / 2000.0);
            long left = progress.usersTotal() - progress.usersDone();
            assertThat(left).isPositive();
            assertThat(progress.etaSeconds()).isEqualTo(Math.round(1000 * left / progress.usersPerSecond()) / 1000.0);
        }

        RunProgress ended = await(run).progress();
        assertThat(ended.usersPerSecond()).isPositive();
        assertThat(ended.etaSeconds()).isNull();
    }
}
