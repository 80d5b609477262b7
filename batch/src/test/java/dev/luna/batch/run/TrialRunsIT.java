package dev.luna.batch.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

/** Runs that are not to be published, but to be looked at. */
class TrialRunsIT extends Publishing {

    @Test
    void aTrialIsJudgedAndThenWaitsForSomebodyToPublishIt() throws Exception {
        Run published = recompute();

        Run trial = trial();

        assertThat(trial.state()).as(trial.sentence()).isEqualTo(RunState.HELD);
        assertThat(trial.gate()).isNotEmpty().allMatch(GateCheck::ok);
        assertThat(trial.checksum()).isEqualTo(published.checksum());
        assertThat(trial.finishedAt()).isAfter(trial.createdAt());
        assertThat(runs.published().map(Run::id)).contains(published.id());
        assertThatThrownBy(() -> runs.restart(trial.id(), "bob"))
                .isInstanceOf(RunRefusedException.class)
                .hasMessage(
                        "Run %d is complete but held; publish it with `luna runs publish %d`, or start a new run",
                        trial.id(), trial.id());

        Run chosen = runs.publish(trial.id(), "bob", false);

        assertThat(chosen.published()).isTrue();
        assertThat(chosen.publishedBy()).isEqualTo("bob");
        assertThat(chosen.forcedBy()).isNull();
        assertThat(runs.publish(published.id(), "bob", false).published()).isTrue();
    }

    @Test
    void aTrialThatTheGateRefusesTakesForce() throws Exception {
        recompute();
        moveEverybody();

        Run trial = trial();

        assertThat(trial.sentence()).startsWith("Held back by the gate since ");
        assertThatThrownBy(() -> runs.restart(trial.id(), "bob"))
                .isInstanceOf(RunRefusedException.class)
                .hasMessage(
                        "Run %d is complete but held; publish it with `luna runs publish %d --force`, or start a new run",
                        trial.id(), trial.id());
        assertThatThrownBy(() -> runs.publish(trial.id(), "bob", false))
                .isInstanceOf(RunRefusedException.class)
                .hasMessageContaining("--force");
        assertThat(runs.publish(trial.id(), "bob", true).forcedBy()).isEqualTo("bob");
    }

    @Test
    void forceThatWasNotNeededIsNotOnRecord() throws Exception {
        Run published = recompute();
        Run trial = trial();

        assertThat(runs.publish(trial.id(), "bob", true).forcedBy()).isNull();
        assertThat(runs.publish(published.id(), "bob", true).forcedBy()).isNull();
    }

    @Test
    void aTrialThatIsResumedIsStillOne() throws Exception {
        Run published = recompute();
        Run stopped = stoppedTrial();

        Run ended = await(runs.restart(stopped.id(), "bob"));

        assertThat(ended.state()).as(ended.sentence()).isEqualTo(RunState.HELD);
        assertThat(runs.published().map(Run::id)).contains(published.id());
    }

    @Test
    void aTrialThatWasLeftBehindIsResumedByWhoAsksForOne() throws Exception {
        Run left = stoppedTrial();
        jdbc.sql("delete from run_stop").update();
        jdbc.sql("update run set state = 'running', finished_at = null where id = :id")
                .param("id", left.id())
                .update();

        StartedRun started = runs.start(null, null, true, "bob");

        assertThat(started.resumed()).isTrue();
        assertThat(started.run().id()).isEqualTo(left.id());
        assertThat(await(left).state()).isEqualTo(RunState.HELD);
    }

    private Run stoppedTrial() throws Exception {
        try (Brake brake = Brake.at(dataSource, 32)) {
            Run trial = runs.start(null, null, true, "ada").run();
            brake.awaitBraked(trial.id());
            runs.stop(trial.id(), "bob");
            brake.release();
            return await(trial);
        }
    }

    /** Otherwise it would be published. */
    @Test
    void noOtherRunPassesForATrial() throws Exception {
        Run left = recompute();
        jdbc.sql("update run set state = 'running', finished_at = null where id = :id")
                .param("id", left.id())
                .update();

        assertThatThrownBy(() -> runs.start(null, null, true, "ada"))
                .isInstanceOf(RunRefusedException.class)
                .hasMessageStartingWith("Run %d was left behind by a process that died and goes first", left.id());
    }

    @Test
    void aRefreshIsNoTrial() throws Exception {
        recompute();

        assertThatThrownBy(() -> runs.start(RunKind.REFRESH, null, true, "ada"))
                .isInstanceOf(RunRefusedException.class)
                .hasMessageContaining("only a full run can be a trial");
    }

    private Run trial() throws InterruptedException {
        return await(runs.start(null, null, true, "ada").run());
    }
}
