package dev.luna.batch.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.luna.batch.run.Eventually;
import dev.luna.batch.run.ProcessName;
import dev.luna.batch.run.SmallWorld;
import java.util.concurrent.FutureTask;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Commands about a run whose process is gone, or may be. */
class LeftBehindRunCommandsIT extends CommandsOnADatabase {

    @BeforeEach
    void aSmallWorld() {
        SmallWorld.create(database.jdbc(), 60, 40);
    }

    @Test
    void whoStopsARunIsToldWhetherItHasStopped() {
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
        String id = published();
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
    void recomputeWaitsForTheLeaseOfADeadProcessAndThenResumesItsRun() throws Exception {
        String id = published();
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
        answer("recompute", "--hold");
        String id = newest();
        leaveBehind(id, "elsewhere:1", "verification");
        database.jdbc().sql("update run_lease set expires_at = now()").update();

        Ended resumed = luna("recompute");

        assertThat(resumed.exitCode()).isEqualTo(ExitCode.REFUSED);
        assertThat(resumed.out()).contains("Run %s: Passed the gate and held since ".formatted(id));
    }

    @Test
    void recomputeWaitsNoLongerThanUntilItSeesThatTheOwnerLives() throws Exception {
        leaveBehind(published(), "elsewhere:1");
        FutureTask<Ended> recompute = startedBehind("elsewhere:1", "recompute");

        database.jdbc()
                .sql("update run_lease set expires_at = expires_at + interval '1 s'")
                .update();

        assertThat(recompute.get().exitCode()).isEqualTo(ExitCode.REFUSED);
        assertThat(err.toString()).contains("Run %s is already under way since".formatted(newest()));
    }

    @Test
    void recomputeStartsWhenTheRunThatItWaitsForHasEnded() throws Exception {
        String id = published();
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
        String id = published();
        // Who started this JVM.
        long living = ProcessHandle.current().parent().orElseThrow().pid();
        leaveBehind(id, new ProcessName().name().replaceFirst("[0-9]+$", Long.toString(living)));
        database.jdbc().sql("update run_lease set acquired_at = now()").update();

        assertThat(luna("recompute").exitCode()).isEqualTo(ExitCode.REFUSED);
        assertThat(err.toString())
                .contains("Run %s is already under way since".formatted(newest()))
                .doesNotContain("may be gone");
    }

    @Test
    void whoWatchesARunStaysUntilItEndsThoughItsProcessDied() throws Exception {
        String id = published();
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
        String id = published();
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

    /** The id of a run that everybody reads. */
    private String published() {
        answer("recompute");
        return newest();
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
