package dev.luna.batch.run;

import static org.assertj.core.api.Assertions.assertThat;

import com.zaxxer.hikari.HikariDataSource;
import java.sql.Connection;
import java.sql.Statement;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.FutureTask;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.beans.factory.annotation.Autowired;

/** Which runs a server resumes by itself, and which it leaves to people. */
class RecoveryIT extends RunLifecycle {

    @Autowired
    private RunWorker worker;

    @Test
    void aRunThatKeepsEndingItsProcessesIsEndedAndLeftToPeople() throws Exception {
        Run run;
        try (Brake brake = Brake.at(dataSource, 1)) { // no chunk gets any further
            run = runs.start(RunKind.FULL, "ada");
            brake.awaitWaiter();
            for (int n = 0; n < 3; n++) {
                killed(run, brake);
                assertThat(runs.resumeAbandoned()).isPresent();
                brake.awaitWaiter();
            }
            killed(run, brake);

            assertThat(runs.resumeAbandoned()).isEmpty();

            Run failed = runs.get(run.id());
            assertThat(failed.state()).isEqualTo(RunState.FAILED);
            assertThat(failed.owner()).isNull();
            assertThat(failed.sentence())
                    .contains(
                            "in scoring: it lost its process 4 times, the last one gone:1, without getting any further")
                    .contains("memory")
                    .endsWith("Resume it with `luna runs restart %d`.".formatted(run.id()));

            // Who asks for it himself has it tried as often again.
            runs.restart(run.id(), "bob");
            brake.awaitWaiter();
            killed(run, brake);
            assertThat(runs.resumeAbandoned()).isPresent();
        }
        assertThat(await(run).state()).isEqualTo(RunState.COMPLETED);
    }

    @Test
    void theScheduleComesToItsOwnRunAfterOneThatKeptEndingItsProcesses() throws Exception {
        Run left = leftBehind(stoppedInScoring());
        jdbc.sql("delete from run_stop").update();
        jdbc.sql("""
                        update run
                        set takeovers = 3, takeover_phase = phase,
                            takeover_users = (select sum(users_done) from run_partition where run_id = id)
                        """).update();

        Run next = runs.startScheduled(RunKind.FULL, Instant.parse("2030-01-31T02:00:00Z"))
                .run();

        assertThat(runs.get(left.id()).state()).isEqualTo(RunState.FAILED);
        assertThat(next.id()).isEqualTo(left.id() + 1);
        assertThat(await(next).state()).isEqualTo(RunState.COMPLETED);
    }

    /** As of two servers whose ticks come at the same moment. */
    @Test
    void whoComesSecondToARunThatWasLeftBehindLeavesItToTheFirst() throws Exception {
        Run left = leftBehind(stoppedInScoring());
        jdbc.sql("delete from run_stop").update();
        List<FutureTask<Optional<Run>>> ticks = Stream.generate(() -> new FutureTask<>(runs::resumeAbandoned))
                .limit(2)
                .toList();
        try (Brake brake = Brake.at(dataSource, BRAKE_AT)) {
            try (Connection decider = dataSource.getConnection();
                    Statement statement = decider.createStatement()) {
                decider.setAutoCommit(false);
                statement.execute("select pg_advisory_xact_lock(" + RunLock.KEY + ")");
                ticks.forEach(tick -> new Thread(tick).start());
                Eventually.holds("both wait", () -> Sessions.isRunLockAwaitedBy(jdbc, 2));
                decider.rollback();
            }

            assertThat(List.of(
                            ticks.get(0).get().isPresent(), ticks.get(1).get().isPresent()))
                    .containsExactlyInAnyOrder(true, false);
            brake.release();
        }
        assertThat(await(left).state()).isEqualTo(RunState.COMPLETED);
    }

    /** By a user, or to the next phase with as many users done. */
    @ParameterizedTest
    @CsvSource({"scoring, 1", "snapshot, 0"})
    void aRunThatGetsFurtherIsResumedHoweverOften(String phaseBefore, int usersFewer) throws Exception {
        Run left = leftBehind(stoppedInScoring());
        jdbc.sql("delete from run_stop").update();
        jdbc.sql("""
                        update run
                        set takeovers = 3, takeover_phase = :phase,
                            takeover_users = (select sum(users_done) - :fewer from run_partition where run_id = id)
                        """).param("phase", phaseBefore).param("fewer", usersFewer).update();

        assertThat(runs.resumeAbandoned()).isPresent();

        assertThat(await(left).state()).isEqualTo(RunState.COMPLETED);
    }

    /** A proof ends with a take-over; without one, the record would stay locked. Chunks have one, and may take longer. */
    @Test
    void eachRecordOfAJobIsWrittenWithAProofOrSoonLostWithAProcessThatFreezes() throws Exception {
        Run left = leftBehind(stoppedInScoring());
        jdbc.sql("delete from run_stop").update();
        jdbc.sql("update batch_job_execution set status = 'STARTED', end_time = null")
                .update();
        // The snapshot's as well, as if the process had ended before its record.
        jdbc.sql("""
                        update batch_step_execution set status = 'STARTED', end_time = null
                        where status = 'STOPPED' or step_name = 'snapshot'
                        """).update();
        jdbc.sql("""
                        create function refuse_endless() returns trigger language plpgsql as $$
                        declare
                          is_proven boolean := exists (
                            select from pg_locks
                            where pid = pg_backend_pid() and relation = 'run_lease'::regclass and mode = 'RowShareLock');
                          is_brief boolean := current_setting('idle_in_transaction_session_timeout') = '15s';
                        begin
                          if is_proven = is_brief then
                            raise exception '% of %: proven %, brief %', tg_op, tg_table_name, is_proven, is_brief;
                          end if;
                          return null;
                        end
                        $$
                        """).update();
        for (String table : List.of("batch_job_instance", "batch_job_execution", "batch_step_execution")) {
            jdbc.sql("""
                            create trigger refuse_endless after insert or update or delete on %s
                              for each row execute function refuse_endless()
                            """.formatted(table)).update();
        }
        Run ended;
        try {
            ended = await(runs.resumeAbandoned().orElseThrow());
        } finally {
            jdbc.sql("drop function refuse_endless cascade").update();
        }

        assertThat(ended.id()).isEqualTo(left.id());
        assertThat(ended.state()).as(ended.sentence()).isEqualTo(RunState.COMPLETED);
    }

    @Test
    void aLeaseOfAClockThatWasAheadIsOver() throws Exception {
        Run left = leftBehind(stoppedInScoring());
        jdbc.sql("delete from run_stop").update();
        jdbc.sql("update run_lease set expires_at = clock_timestamp() + interval '30 minutes'")
                .update();

        RunOwner owner = runs.get(left.id()).owner();
        assertThat(owner.live()).isFalse();
        assertThat(owner.leaseUntil()).as("it lapsed at").isBeforeOrEqualTo(now());
        assertThat(runs.resumeAbandoned()).isPresent();

        Run ended = await(left);
        assertThat(ended.state()).isEqualTo(RunState.COMPLETED);
        assertThat(ended.timings().get(RunPhase.SCORING)).as("seconds").isLessThan(1800);
    }

    @Test
    void aLeaseRunsAlthoughTheClockWasPutBackALittle() throws Exception {
        Run left = leftBehind(stoppedInScoring());
        jdbc.sql("""
                        update run_lease
                        set duration = '1 hour', expires_at = clock_timestamp() + interval '1 hour 50 minutes'
                        """).update();

        assertThat(runs.get(left.id()).owner().live()).isTrue();
        assertThat(runs.resumeAbandoned()).isEmpty();
    }

    private Instant now() {
        return jdbc.sql("select clock_timestamp()")
                .query(OffsetDateTime.class)
                .single()
                .toInstant();
    }

    @Test
    void aRunThatOnlyWaitsToBePublishedIsResumedHoweverOften() throws Exception {
        Run run;
        try (Connection importing = dataSource.getConnection();
                Statement statement = importing.createStatement()) {
            importing.setAutoCommit(false);
            statement.execute("update venues set rating = 3 where id = md5('venue1')::uuid");
            run = runs.start(RunKind.FULL, "ada");
            awaitSwitchWaiting();
            for (int n = 0; n < 4; n++) {
                leftBehind(run);
                Sessions.cutAllBut(importing);
                awaitGivenUp(run);
                assertThat(runs.resumeAbandoned()).as("time " + n).isPresent();
                awaitSwitchWaiting();
            }
            assertThat(runs.get(run.id()).state()).isEqualTo(RunState.RUNNING);
            importing.rollback();
        }
        assertThat(await(run).state()).isEqualTo(RunState.COMPLETED);
    }

    private void awaitSwitchWaiting() throws InterruptedException {
        Eventually.holds("the switch waits", () -> Sessions.isRowAwaited(jdbc, "venue_catalog"));
    }

    /** As a process that is killed in the middle leaves it. */
    private void killed(Run run, Brake brake) throws Exception {
        leftBehind(run);
        brake.cutAllSessions();
        awaitGivenUp(run);
    }

    private void awaitGivenUp(Run run) throws Exception {
        Eventually.holds("this process gives it up", () -> !worker.isWorkingOn(run.id()));
        // Some of the connections that were cut may lie there unnoticed.
        dataSource.unwrap(HikariDataSource.class).getHikariPoolMXBean().softEvictConnections();
    }
}
