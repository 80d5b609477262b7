package dev.luna.batch.run;

import static org.assertj.core.api.Assertions.assertThat;

import dev.luna.batch.database.RunTables;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.context.ConfigurableApplicationContext;

/** Runs whose chunks fail, or lose their connection. */
class RunFailureIT extends RunLifecycle {

    @Autowired
    private RunVerifier verifier;

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

    /** As one who waits to publish between writers that wait for each other. */
    @Test
    void aRunIsDoneAgainWhereADeadlockEndedIt() throws Exception {
        jdbc.sql("create sequence test_attempts").update();
        jdbc.sql("""
                        create function test_deadlock() returns trigger language plpgsql as $$
                        begin
                          if nextval('test_attempts') = 1 then
                            raise exception 'deadlock detected' using errcode = 'deadlock_detected';
                          end if;
                          return new;
                        end
                        $$
                        """).update();
        jdbc.sql(
                        "create trigger test_deadlock before insert on published_run for each row execute function test_deadlock()")
                .update();
        Run run;
        long attempts;
        try {
            run = await(runs.start(RunKind.FULL, "ada"));
            attempts = jdbc.sql("select last_value from test_attempts")
                    .query(Long.class)
                    .single();
        } finally {
            jdbc.sql("drop trigger test_deadlock on published_run").update();
            jdbc.sql("drop function test_deadlock").update();
            jdbc.sql("drop sequence test_attempts").update();
        }

        assertThat(run.state()).as(run.sentence()).isEqualTo(RunState.COMPLETED);
        assertThat(run.published()).isTrue();
        assertThat(attempts).isEqualTo(2);
    }

    @Test
    void aPartitionThatFailsBeforeItsFirstChunkLetsTheOthersEndAndTellsItsReason() throws Exception {
        jdbc.sql("""
                        create function test_failure() returns trigger language plpgsql as $$
                        begin
                          raise exception 'the moon is in the wrong house';
                        end
                        $$
                        """).update();
        jdbc.sql("""
                        create trigger test_failure before update on batch_step_execution for each row
                          when (new.step_name = 'partition:0001' and new.status = 'STARTED')
                          execute function test_failure()
                        """).update();
        Run failed;
        try {
            failed = await(runs.start(RunKind.FULL, "ada"));
        } finally {
            jdbc.sql("drop trigger test_failure on batch_step_execution").update();
            jdbc.sql("drop function test_failure").update();
        }

        assertThat(failed.state()).isEqualTo(RunState.FAILED);
        assertThat(failed.failure().sentences())
                .startsWith("in partition 1 among 8 users")
                .contains("the moon is in the wrong house")
                .doesNotContain("PreparedStatementCallback", "UPDATE");
        assertThat(runs.partitions(failed.id()))
                .filteredOn(partition -> partition.usersDone() < partition.usersTotal())
                .singleElement()
                .matches(partition -> partition.partition() == 1 && partition.usersDone() == 0);
        Run ended = await(runs.restart(failed.id(), "bob"));
        assertThat(ended.state()).as(ended.sentence()).isEqualTo(RunState.COMPLETED);
    }

    @Test
    void aProcessWithTooLittleHeapRefusesARunThatAnotherBeganAndLeavesItToBeResumed() throws Exception {
        Run stopped = stoppedInScoring();

        // 120 threads need 8 MB of heap each, with the rest more than a test's JVM has.
        try (ConfigurableApplicationContext other = OtherProcess.inThisJvm(
                environment,
                "luna.recompute.threads=120",
                "spring.datasource.hikari.maximum-pool-size=126",
                "spring.datasource.hikari.minimum-idle=1")) {
            Runs others = other.getBean(Runs.class);
            Run refused = others.await(others.restart(stopped.id(), "eve").id(), progress -> {});

            assertThat(refused.state()).as(refused.sentence()).isEqualTo(RunState.FAILED);
            assertThat(refused.sentence())
                    .contains("in scoring: 400 users and 60 venues need about 1,1", "start it with -Xmx")
                    .contains("luna runs restart " + stopped.id());
            assertThat(refused.progress().usersDone())
                    .isEqualTo(stopped.progress().usersDone());
        }

        Run ended = await(runs.restart(stopped.id(), "bob"));
        assertThat(ended.state()).as(ended.sentence()).isEqualTo(RunState.COMPLETED);
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
}
