package dev.luna.batch.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.luna.batch.run.Eventually;
import dev.luna.batch.run.ProcessName;
import dev.luna.batch.run.SmallWorld;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.Statement;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Commands about a run that is not simply published, from their arguments to their exit codes. */
class RunOperationsIT extends CommandsOnADatabase {

    private static final String OVERLAP_MAX = "luna.recompute.gate.overlap-max";

    @TempDir
    private Path folder;

    @AfterEach
    void forgetTheGate() {
        System.clearProperty(OVERLAP_MAX);
    }

    @Test
    void aRunIsStoppedRestartedHeldAndForced() throws Exception {
        SmallWorld.create(database.jdbc(), 60, 40);
        FutureTask<Ended> recompute = new FutureTask<>(() -> luna("recompute"));
        String first;
        try (Connection holder = database.dataSource().getConnection();
                Statement statement = holder.createStatement()) {
            holder.setAutoCommit(false);
            // The snapshot waits for this.
            statement.execute("lock table user_social_edges in access exclusive mode");
            new Thread(recompute).start();
            Eventually.holds(
                    "the run waits",
                    () -> database.jdbc()
                            .sql(
                                    "select exists (select from pg_locks where relation = 'user_social_edges'::regclass and not granted)")
                            .query(Boolean.class)
                            .single());
            first = newest();

            Ended stop = luna("runs", "stop", first);

            assertThat(stop.exitCode()).isEqualTo(ExitCode.OK);
            assertThat(stop.out()).startsWith("Run " + first);
            Ended stopped = recompute.get(1, TimeUnit.MINUTES);
            assertThat(stopped.exitCode()).isEqualTo(130);
            assertThat(stopped.out()).contains("Run %s: Stopped in snapshot".formatted(first));
            holder.rollback();
        }

        Ended restarted = luna("runs", "restart", first);
        assertThat(restarted.exitCode()).isEqualTo(ExitCode.OK);
        assertThat(restarted.out()).contains("Run %s is published".formatted(first));

        System.setProperty(OVERLAP_MAX, "0.5");
        Ended held = luna("recompute");
        assertThat(held.exitCode()).isEqualTo(3);
        String second = newest();
        assertThat(held.out())
                .contains("Run %s: Held back by the gate since ".formatted(second))
                .contains(": 100.0 % of the first 10 venues")
                .contains("`luna runs publish %s --force`".formatted(second));

        assertThat(luna("runs", "publish", second).exitCode()).isEqualTo(ExitCode.REFUSED);
        Ended forced = luna("runs", "publish", second, "--force");
        assertThat(forced.exitCode()).isEqualTo(ExitCode.OK);
        assertThat(forced.out()).contains("Run %s is published".formatted(second));
    }

    @Test
    void whoStopsARunIsToldWhetherItHasStopped() {
        SmallWorld.create(database.jdbc(), 60, 40);
        answer("recompute", "--hold");
        String id = newest();
        leaveBehind(id, "elsewhere:1");

        assertThat(answer("runs", "stop", id)).startsWith("Run %s is asked to stop".formatted(id));
        assertThat(answer("runs", "show", id)).containsPattern("; cli:.* asked it to stop\\.");

        database.jdbc().sql("update run_lease set expires_at = now()").update();
        assertThat(answer("runs", "stop", id)).startsWith("Run %s: Stopped in publication".formatted(id));
    }

    @Test
    void scriptsAreToldOfARunInJson() {
        SmallWorld.create(database.jdbc(), 60, 40);
        answer("recompute");
        String id = newest();
        leaveBehind(id, "elsewhere:1");
        database.jdbc().sql("update run_lease set expires_at = now()").update();

        assertThat(json(answer("runs", "stop", id, "--json")).get("state").asString())
                .isEqualTo("stopped");
        assertThat(answer("runs", "restart", id, "--json")
                        .lines()
                        .map(line -> json(line).get("id").asString()))
                .isNotEmpty()
                .containsOnly(id);
        assertThat(json(answer("runs", "publish", id, "--json"))
                        .get("published")
                        .asBoolean())
                .isTrue();
    }

    @Test
    void aRunThatFailsIsTheCommandsFailure() {
        SmallWorld.create(database.jdbc(), 60, 40);
        database.jdbc()
                .sql("alter table run add constraint test_failure check (phase <> 'scoring') not valid")
                .update();
        Ended failed;
        try {
            failed = luna("recompute");
        } finally {
            database.jdbc().sql("alter table run drop constraint test_failure").update();
        }

        assertThat(failed.exitCode()).isEqualTo(ExitCode.FAILED);
        assertThat(failed.out())
                .contains("Run %s: Failed in ".formatted(newest()), "`luna runs restart %s`".formatted(newest()));
        assertThat(answer("runs", "show", newest())).containsPattern("PARTITION +DONE +USERS *\\R +0 +0 ");
    }

    @Test
    void aTrialByAnotherProfileIsExportedAndThenPublished() throws Exception {
        SmallWorld.create(database.jdbc(), 60, 40);
        assertThat(luna("recompute").exitCode()).isEqualTo(ExitCode.OK);

        Ended trial = luna("recompute", "--hold", "--profile", "decay-per-km=0.2");

        assertThat(trial.exitCode()).as(err.toString()).isEqualTo(ExitCode.OK);
        String id = newest();
        assertThat(trial.out()).contains("Run %s: Passed the gate and held since ".formatted(id));
        assertThat(answer("runs", "show", id)).contains(", as a trial", "decay-per-km=0.2");
        assertThat(answer("runs", "diff", id)).contains("Run %s beside run ".formatted(id), "profile");
        String file = folder.resolve("trial.csv").toString();
        assertThat(answer("export", "--rankings", file, "--run", id)).startsWith("trial.csv: run %s of ".formatted(id));
        assertThat(luna("export", folder.toString(), "--run", id).exitCode()).isEqualTo(ExitCode.BAD_INPUT);
        assertThat(luna("export", "--rankings", file, "--run", "999999").exitCode())
                .isEqualTo(ExitCode.BAD_INPUT);
        assertThat(answer("runs", "publish", id)).contains("Run %s is published".formatted(id));
    }

    @Test
    void recomputeWaitsForTheLeaseOfADeadProcessAndThenResumesItsRun() throws Exception {
        SmallWorld.create(database.jdbc(), 60, 40);
        assertThat(luna("recompute").exitCode()).isEqualTo(ExitCode.OK);
        String id = newest();
        // As a container that was started again: with the name of the one before.
        String name = new ProcessName().name();
        leaveBehind(id, name);
        FutureTask<Ended> other = startedBehind(name, "recompute", "--profile", "decay-per-km=0.1");

        database.jdbc().sql("update run_lease set expires_at = now()").update();

        assertThat(other.get().exitCode()).isEqualTo(ExitCode.REFUSED);
        assertThat(err.toString())
                .contains("Run %s was left behind by a process that died and goes first".formatted(id))
                .contains("luna runs restart " + id, "luna runs stop " + id);

        assertThat(luna("recompute", "--hold").exitCode()).isEqualTo(ExitCode.REFUSED);
        assertThat(err.toString()).doesNotContain("waiting for its lease").contains("goes first");

        Ended resumed = luna("recompute");

        assertThat(resumed.exitCode()).isEqualTo(ExitCode.OK);
        assertThat(err.toString())
                .contains("Run %s was left behind by a process that died and is resumed instead of a new one"
                        .formatted(id));
        assertThat(resumed.out()).contains("Run %s is published".formatted(id));
    }

    @Test
    void recomputeThatResumesATrialDoesNotEndAsIfItHadPublished() throws Exception {
        SmallWorld.create(database.jdbc(), 60, 40);
        assertThat(luna("recompute", "--hold").exitCode()).isEqualTo(ExitCode.OK);
        String id = newest();
        leaveBehind(id, "elsewhere:1", "verification");
        database.jdbc().sql("update run_lease set expires_at = now()").update();

        Ended resumed = luna("recompute");

        assertThat(resumed.exitCode()).isEqualTo(ExitCode.REFUSED);
        assertThat(resumed.out()).contains("Run %s: Passed the gate and held since ".formatted(id));
    }

    @Test
    void recomputeWaitsNoLongerThanUntilItSeesThatTheOwnerLives() throws Exception {
        SmallWorld.create(database.jdbc(), 60, 40);
        assertThat(luna("recompute").exitCode()).isEqualTo(ExitCode.OK);
        leaveBehind(newest(), "elsewhere:1");
        FutureTask<Ended> recompute = startedBehind("elsewhere:1", "recompute");

        database.jdbc()
                .sql("update run_lease set expires_at = expires_at + interval '1 s'")
                .update();

        assertThat(recompute.get().exitCode()).isEqualTo(ExitCode.REFUSED);
        assertThat(err.toString()).contains("Run %s is already under way since".formatted(newest()));
    }

    @Test
    void recomputeStartsWhenTheRunThatItWaitsForHasEnded() throws Exception {
        SmallWorld.create(database.jdbc(), 60, 40);
        assertThat(luna("recompute").exitCode()).isEqualTo(ExitCode.OK);
        String id = newest();
        leaveBehind(id, "elsewhere:1");
        FutureTask<Ended> recompute = startedBehind("elsewhere:1", "recompute");

        database.jdbc().sql("""
                        with ended as (update run set state = 'completed', phase = 'done' where state = 'running')
                        update run_lease set run_id = null, owner = null, acquired_at = null, expires_at = null
                        """).update();

        assertThat(recompute.get().exitCode()).isEqualTo(ExitCode.OK);
        assertThat(recompute.get().out()).contains("Run %d is published".formatted(Long.parseLong(id) + 1));
    }

    @Test
    void recomputeDoesNotWaitForAProcessOfThisHostThatLives() {
        SmallWorld.create(database.jdbc(), 60, 40);
        assertThat(luna("recompute").exitCode()).isEqualTo(ExitCode.OK);
        // Who started this JVM.
        long living = ProcessHandle.current().parent().orElseThrow().pid();
        leaveBehind(newest(), new ProcessName().name().replaceFirst("[0-9]+$", Long.toString(living)));
        database.jdbc().sql("update run_lease set acquired_at = now()").update();

        assertThat(luna("recompute").exitCode()).isEqualTo(ExitCode.REFUSED);
        assertThat(err.toString())
                .contains("Run %s is already under way since".formatted(newest()))
                .doesNotContain("may be gone");
    }

    @Test
    void whoWatchesARunStaysUntilItEndsThoughItsProcessDied() throws Exception {
        SmallWorld.create(database.jdbc(), 60, 40);
        assertThat(luna("recompute").exitCode()).isEqualTo(ExitCode.OK);
        String id = newest();
        leaveBehind(id, "elsewhere:1");
        database.jdbc().sql("update run_lease set expires_at = now()").update();
        FutureTask<Ended> watch = new FutureTask<>(() -> luna("runs", "watch", id));

        new Thread(watch).start();

        Eventually.holds("it says so", () -> watch.isDone() || err.toString().contains("resumes it."));
        assertThat(err.toString())
                .startsWith("Run %s: Publishing, but its process elsewhere:1 no longer holds the lease".formatted(id))
                .contains("the scheduler's next tick or `luna recompute` resumes it.");
        assertThat(watch.isDone()).isFalse();

        // Another process takes it over, and dies as well.
        database.jdbc()
                .sql("update run_lease set owner = 'elsewhere:2', acquired_at = now()")
                .update();

        Eventually.holds("it says so", () -> watch.isDone() || err.toString().contains("elsewhere:2"));
        assertThat(watch.isDone()).isFalse();

        database.jdbc()
                .sql("update run set state = 'completed', phase = 'done' where id = ?")
                .param(Long.valueOf(id))
                .update();

        assertThat(watch.get().exitCode()).isEqualTo(ExitCode.OK);
        assertThat(watch.get().out()).contains("Run %s is published".formatted(id));
        assertThat(err.toString()).hasLineCount(2);
    }

    @Test
    void whoWatchesARunInJsonIsToldOfChangesOnly() throws Exception {
        SmallWorld.create(database.jdbc(), 60, 40);
        answer("recompute");
        String id = newest();
        leaveBehind(id, "elsewhere:1");
        FutureTask<Ended> watch = new FutureTask<>(() -> luna("runs", "watch", id, "--json"));
        new Thread(watch).start();

        // Takes as long as several looks.
        answer("runs", "show", id);
        answer("runs", "show", id);
        database.jdbc()
                .sql("update run set state = 'completed', phase = 'done' where id = ?")
                .param(Long.valueOf(id))
                .update();

        assertThat(watch.get().out().lines())
                .doesNotHaveDuplicates()
                .last()
                .satisfies(
                        line -> assertThat(json(line).get("state").asString()).isEqualTo("completed"));
    }

    private static JsonNode json(String text) {
        return JsonMapper.builder().build().readTree(text);
    }

    /** A command that waits for the lease of a run's owner. */
    private FutureTask<Ended> startedBehind(String owner, String... arguments) throws InterruptedException {
        FutureTask<Ended> started = new FutureTask<>(() -> luna(arguments));
        new Thread(started).start();
        Eventually.holds(
                "it waits",
                () -> started.isDone()
                        || err.toString()
                                .contains("Run %s is %s's, which may be gone; waiting for its lease"
                                        .formatted(newest(), owner)));
        return started;
    }

    private static void leaveBehind(String id, String owner) {
        leaveBehind(id, owner, "publication");
    }

    /** As a process leaves it that is killed in the middle of a phase, a moment ago. */
    private static void leaveBehind(String id, String owner, String phase) {
        database.jdbc()
                .sql("update run set state = 'running', phase = ? where id = ?")
                .param(phase)
                .param(Long.valueOf(id))
                .update();
        database.jdbc()
                .sql(
                        "update batch_job_execution set status = 'STARTED', end_time = null where job_execution_id = (select job_execution_id from run where id = ?)")
                .param(Long.valueOf(id))
                .update();
        database.jdbc().sql("""
                        update batch_step_execution set status = 'STARTED', end_time = null where step_name = ?
                          and job_execution_id = (select job_execution_id from run where id = ?)
                        """).param(phase).param(Long.valueOf(id)).update();
        database.jdbc().sql("""
                        update run_lease
                        set token = token + 1, run_id = ?, owner = ?, acquired_at = now() - interval '1 minute',
                            expires_at = now() + interval '1 minute', duration = '1 minute'
                        """).param(Long.valueOf(id)).param(owner).update();
    }
}
