package dev.luna.batch.run;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class RunSentenceTest {

    @Test
    void aRunningRunSaysHowFarItIsAndWhere() {
        Run run = RunFixture.in(RunState.RUNNING, RunPhase.SCORING).run();

        assertThat(run.sentence())
                .isEqualTo(
                        "Scoring: 250,000 of 1,000,000 users, about 1 min 15 s left since 2030-01-31T02:00:00Z on host:42.");
    }

    @Test
    void aRunThatIsPublishingSaysWhatItMayWaitFor() {
        Run run = RunFixture.in(RunState.RUNNING, RunPhase.PUBLICATION).run();

        assertThat(run.sentence())
                .isEqualTo(
                        "Publishing since 2030-01-31T02:00:00Z on host:42; it waits as long as a transaction that changed venues, such as an import, is open.");
    }

    @Test
    void aRunWithoutALiveProcessSaysWhoGoesOn() {
        Run run =
                RunFixture.in(RunState.RUNNING, RunPhase.SNAPSHOT).leftBehind().run();

        assertThat(run.sentence())
                .isEqualTo(
                        "Reading one snapshot of all inputs, but its process host:42 no longer holds the lease, which lapsed at 2030-01-31T02:00:15Z; the scheduler's next tick or `luna recompute` resumes it.");
    }

    @Test
    void aRunThatIsAskedToStopSaysByWhomAndIsNotSaidToGoOn() {
        RunFixture asked = RunFixture.in(RunState.RUNNING, RunPhase.SNAPSHOT).stoppedBy("bob");

        assertThat(asked.run().sentence())
                .isEqualTo(
                        "Reading one snapshot of all inputs since 2030-01-31T02:00:00Z on host:42; bob asked it to stop.");
        assertThat(RunSentence.refusing(asked.run()))
                .endsWith("; bob asked it to stop. Wait for it with `luna runs watch 17`.");
        assertThat(asked.leftBehind().run().sentence())
                .endsWith("; the scheduler's next tick or `luna recompute` ends it, since bob asked it to stop.");
    }

    @Test
    void anEndedRunSaysWhyAndWhatToDo() {
        assertThat(RunFixture.in(RunState.STOPPED, RunPhase.SCORING).run().sentence())
                .isEqualTo("Stopped in scoring at 2030-01-31T02:00:00Z. Resume it with `luna runs restart 17`.");
        assertThat(failed().run().sentence())
                .isEqualTo(
                        "Failed in scoring at 2030-01-31T02:00:00Z: in partition 3: disk full. Make room. Resume it with `luna runs restart 17`.");
        assertThat(RunFixture.in(RunState.HELD, RunPhase.VERIFICATION)
                        .checked(
                                GateCheck.of("rows", 1, 1, 1, "all rows"),
                                GateCheck.of("overlap_at_10", 0.1, 0.5, 1, "10 % overlap"))
                        .run()
                        .sentence())
                .isEqualTo(
                        "Held back by the gate since 2030-01-31T02:00:00Z: 10 % overlap. Readers keep the run that is published; publish this one anyway with `luna runs publish 17 --force`.");
        RunFixture trial = RunFixture.in(RunState.HELD, RunPhase.VERIFICATION)
                .toBeHeld()
                .checked(GateCheck.of("rows", 1, 1, 1, "all rows"));
        assertThat(trial.run().sentence())
                .isEqualTo(
                        "Passed the gate and held since 2030-01-31T02:00:00Z, as ada asked. Readers keep the run that is published; publish this one with `luna runs publish 17`.");
        assertThat(trial.dropped().run().sentence())
                .startsWith("Held as asked; its rankings were dropped at 2030-01-31T02:00:00Z.");
    }

    @Test
    void aRunThatIsOutOfDateIsNotToBeResumed() {
        assertThat(stopped().supersededBy(19).run().sentence())
                .isEqualTo(
                        "Stopped in scoring at 2030-01-31T02:00:00Z on request of bob. It cannot be resumed: run 19, which began later, was published meanwhile; start a new one with `luna recompute`.");
        assertThat(stopped()
                        .refreshOf(16)
                        .supersededBy(19)
                        .readersMovedTo(18)
                        .run()
                        .sentence())
                .isEqualTo(
                        "Stopped in scoring at 2030-01-31T02:00:00Z on request of bob. It cannot be resumed: readers were moved to run 18 after this refresh of run 16 had begun; start a new one with `luna recompute --refresh`.");
        assertThat(failed().refreshOf(16).readersMovedTo(4).run().sentence())
                .isEqualTo(
                        "Failed in scoring at 2030-01-31T02:00:00Z: in partition 3: disk full. Make room. It cannot be resumed: readers were moved to run 4 after this refresh of run 16 had begun; start a new one with `luna recompute --refresh`.");
    }

    @Test
    void aCompleteRunSaysWhetherReadersSeeItAndWhetherItIsKept() {
        assertThat(RunFixture.in(RunState.COMPLETED, RunPhase.DONE)
                        .published()
                        .run()
                        .sentence())
                .isEqualTo("Published: readers see it since 2030-01-31T02:00:00Z.");
        assertThat(RunFixture.in(RunState.COMPLETED, RunPhase.DONE).run().sentence())
                .isEqualTo("Complete and kept; go back to it with `luna runs publish 17`.");
        assertThat(RunFixture.in(RunState.COMPLETED, RunPhase.DONE)
                        .dropped()
                        .run()
                        .sentence())
                .isEqualTo(
                        "Complete; its rankings were dropped at 2030-01-31T02:00:00Z. `luna runs` shows which are kept, `luna recompute` makes new ones.");
    }

    @Test
    void aRunInTheWayIsToBeWaitedForOrStopped() {
        Run run = RunFixture.in(RunState.RUNNING, RunPhase.PUBLICATION).run();

        assertThat(RunSentence.refusing(run))
                .isEqualTo(
                        "Publishing since 2030-01-31T02:00:00Z on host:42; it waits as long as a transaction that changed venues, such as an import, is open. Wait for it with `luna runs watch 17`, or stop it with `luna runs stop 17`.");
    }

    @Test
    void anInfiniteOrMissingNumberNeverPassesTheGate() {
        assertThat(GateCheck.of("x", Double.NaN, 0, 1, "").ok()).isFalse();
        assertThat(GateCheck.of("x", Double.POSITIVE_INFINITY, 0, 1, "").ok()).isFalse();
        assertThat(GateCheck.of("x", 1, 0, 1, "").ok()).isTrue();
    }

    private static RunFixture stopped() {
        return RunFixture.in(RunState.STOPPED, RunPhase.SCORING).stoppedBy("bob");
    }

    private static RunFixture failed() {
        return RunFixture.in(RunState.FAILED, RunPhase.SCORING)
                .failed(RunFailure.of("partition 3", List.of("disk full"), "Make room."));
    }
}
