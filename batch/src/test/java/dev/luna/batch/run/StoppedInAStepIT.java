package dev.luna.batch.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.luna.batch.snapshot.StoppedException;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.test.util.ReflectionTestUtils;

/** An operator's stop while a run is in a step that is one long piece of work; the step is held for as long as that takes. */
class StoppedInAStepIT extends RunLifecycle {

    private static final int FEW_USERS = 120;

    @Autowired
    private RunVerifier verifier;

    StoppedInAStepIT() {
        super(FEW_USERS, 40);
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource(
            delimiter = '|',
            value = {
                "SNAPSHOT     | new.snapshot_at is not null and old.snapshot_at is null",
                "VERIFICATION | new.checksum is not null and old.checksum is null",
                "PUBLICATION  | new.state = 'completed' and old.state = 'running'"
            })
    void theStatementUnderWayIsCancelled(RunPhase phase, String change) throws Exception {
        Run stopped;
        try (Brake brake = Brake.at(dataSource, Brake.Moment.STATEMENT, "run", change)) {
            Run run = runs.start(RunKind.FULL, "ada");
            brake.awaitWaiter();
            runs.stop(run.id(), "bob");
            stopped = ended(run.id());
        }

        assertStoppedIn(phase, stopped);
    }

    @Test
    void aStopFromAnotherProcessCancelsIt() throws Exception {
        Run stopped;
        try (Connection holder = dataSource.getConnection();
                ConfigurableApplicationContext other = OtherProcess.inThisJvm(environment, "luna.recompute.lease=3s")) {
            // Building the keys and attaching the partitions waits for this.
            lock(holder, "run_venue", "share update exclusive");
            Run run = other.getBean(Runs.class).start(RunKind.FULL, "eve");
            awaitWaiterFor("run_venue");
            runs.stop(run.id(), "bob");
            stopped = ended(run.id());
            holder.rollback();
        }

        assertStoppedIn(RunPhase.VERIFICATION, stopped);
    }

    @ParameterizedTest(name = "{0}")
    @EnumSource(RunKind.class)
    void aReaderOfTheSnapshotThatWaitsForSomebodyElseIsCancelled(RunKind kind) throws Exception {
        run(RunKind.FULL);
        jdbc.sql("update users set home_lat = 48.1, home_lng = 11.1 where id = md5('user6')::uuid")
                .update();
        Run stopped;
        try (Connection holder = dataSource.getConnection()) {
            lock(holder, "user_social_edges", "access exclusive");
            Run run = runs.start(kind, "ada");
            awaitWaiterFor("user_social_edges");
            runs.stop(run.id(), "bob");
            stopped = ended(run.id());
            holder.rollback();
        }

        assertThat(stopped.state()).as(stopped.sentence()).isEqualTo(RunState.STOPPED);
        assertThat(stopped.phase()).isEqualTo(RunPhase.SNAPSHOT);
        Run resumed = await(runs.restart(stopped.id(), "bob"));
        assertThat(resumed.state()).as(resumed.sentence()).isEqualTo(RunState.COMPLETED);
    }

    @Test
    void theLoadingOfWhatWasStagedIsCancelled() throws Exception {
        Run left = stoppedInScoring();
        assertThat(left.phase()).as(left.sentence()).isEqualTo(RunPhase.SCORING);
        try (Connection holder = dataSource.getConnection();
                Brake brake = Brake.at(
                        dataSource,
                        Brake.Moment.STATEMENT,
                        "run",
                        "new.job_execution_id is distinct from old.job_execution_id")) {
            runs.restart(left.id(), "bob");
            brake.awaitWaiter();
            lock(holder, "run_input_" + left.id(), "access exclusive");
            brake.release();
            awaitWaiterFor("run_input_" + left.id());
            runs.stop(left.id(), "bob");
            // Without the size of the run's tables, which one of them is locked for.
            Eventually.holds(
                    "the run is stopped",
                    () -> jdbc.sql("select state = 'stopped' from run where id = :id")
                            .param("id", left.id())
                            .query(Boolean.class)
                            .single());
            holder.rollback();
        }

        assertStoppedIn(RunPhase.SCORING, ended(left.id()));
    }

    private static void lock(Connection holder, String table, String mode) throws SQLException {
        holder.setAutoCommit(false);
        try (Statement statement = holder.createStatement()) {
            statement.execute("lock table %s in %s mode".formatted(table, mode));
        }
    }

    private void awaitWaiterFor(String table) throws InterruptedException {
        Eventually.holds(
                "somebody waits for " + table,
                () -> jdbc.sql(
                                "select exists (select from pg_locks where relation = cast(:table as regclass) and not granted)")
                        .param("table", table)
                        .query(Boolean.class)
                        .single());
    }

    @Test
    void theComparisonWithBruteForceStopsBetweenUsers() throws Exception {
        Run run = run(RunKind.FULL);
        AtomicInteger asked = new AtomicInteger();

        // Asked for each user that is loaded, then for each that is compared.
        assertThatThrownBy(() -> verifier.verify(run.id(), FEW_USERS, () -> asked.incrementAndGet() > FEW_USERS + 3))
                .isInstanceOf(StoppedException.class)
                .hasMessageContaining("brute force");
        // Each of the two threads is told once.
        assertThat(asked.get()).isBetween(FEW_USERS + 4, FEW_USERS + 5);
    }

    @Test
    void theLoadingOfWhatIsComparedWithBruteForceStops() throws Exception {
        Run run = run(RunKind.FULL);
        AtomicInteger asked = new AtomicInteger();

        assertThatThrownBy(() -> verifier.verify(run.id(), FEW_USERS, () -> asked.incrementAndGet() > 3))
                .isInstanceOf(StoppedException.class)
                .hasMessageContaining("loading the staged inputs");
        assertThat(asked).hasValue(4);
    }

    /** A run looks for itself, and so does each of its long steps. */
    @Test
    void nobodyLooksForTheStopOfARunThatHasEnded(@Autowired @Qualifier("stopSignals") Object signals) throws Exception {
        List<Future<?>> looks = new CopyOnWriteArrayList<>();
        ScheduledExecutorService recording = new ScheduledThreadPoolExecutor(1) {
            @Override
            public ScheduledFuture<?> scheduleWithFixedDelay(Runnable look, long first, long next, TimeUnit unit) {
                ScheduledFuture<?> scheduled = super.scheduleWithFixedDelay(look, first, next, unit);
                looks.add(scheduled);
                return scheduled;
            }
        };
        Object timer = ReflectionTestUtils.getField(signals, "timer");
        ReflectionTestUtils.setField(signals, "timer", recording);
        try {
            ended(runs.start(RunKind.FULL, "ada").id());
        } finally {
            ReflectionTestUtils.setField(signals, "timer", timer);
            recording.shutdownNow();
        }

        assertThat(looks).hasSizeGreaterThan(1).allMatch(Future::isCancelled);
    }

    private void assertStoppedIn(RunPhase phase, Run stopped) throws InterruptedException {
        assertThat(stopped.state()).as(stopped.sentence()).isEqualTo(RunState.STOPPED);
        assertThat(stopped.phase()).isEqualTo(phase);
        assertThat(stopped.failure()).isNull();
        Run resumed = await(runs.restart(stopped.id(), "bob"));
        assertThat(resumed.state()).as(resumed.sentence()).isEqualTo(RunState.COMPLETED);
        Run undisturbed = run(RunKind.FULL);
        assertThat(resumed.checksum()).isEqualTo(undisturbed.checksum());
    }

    private Run ended(long id) throws InterruptedException {
        Eventually.holds(
                "run %d has ended".formatted(id),
                () -> runs.get(id).state() != RunState.RUNNING && runs.get(id).owner() == null);
        return runs.get(id);
    }
}
