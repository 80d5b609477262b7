package dev.luna.batch.run;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class RunSentenceTest {

    private static final Instant TWO = Instant.parse("2030-01-31T02:00:00.123Z");

    @Test
    void aRunningRunSaysHowFarItIsAndWhere() {
        Run run = run(RunState.RUNNING, RunPhase.SCORING, false, null, List.of(), owner(true), null);

        assertThat(run.sentence())
                .isEqualTo(
                        "Scoring: 250,000 of 1,000,000 users, about 1 min 15 s left since 2030-01-31T02:00:00Z on host:42.");
    }

    @Test
    void aRunThatIsPublishingSaysWhatItMayWaitFor() {
        Run run = run(RunState.RUNNING, RunPhase.PUBLICATION, false, null, List.of(), owner(true), null);

        assertThat(run.sentence())
                .isEqualTo(
                        "Publishing since 2030-01-31T02:00:00Z on host:42; it waits as long as a transaction that changed venues, such as an import, is open.");
    }

    @Test
    void aRunWithoutALiveProcessSaysWhoGoesOn() {
        Run run = run(RunState.RUNNING, RunPhase.SNAPSHOT, false, null, List.of(), owner(false), null);

        assertThat(run.sentence())
                .isEqualTo(
                        "Reading one snapshot of all inputs, but its process host:42 no longer holds the lease, which lapsed at 2030-01-31T02:00:15Z; the scheduler's next tick or `luna recompute` resumes it.");
    }

    @Test
    void anEndedRunSaysWhyAndWhatToDo() {
        assertThat(run(RunState.STOPPED, RunPhase.SCORING, false, null, List.of(), null, null)
                        .sentence())
                .isEqualTo("Stopped in scoring at 2030-01-31T02:00:00Z. Resume it with `luna runs restart 17`.");
        assertThat(run(
                                RunState.FAILED,
                                RunPhase.SCORING,
                                false,
                                RunFailure.of("partition 3", List.of("disk full"), "Make room."),
                                List.of(),
                                null,
                                null)
                        .sentence())
                .isEqualTo(
                        "Failed in scoring at 2030-01-31T02:00:00Z: in partition 3: disk full. Make room. Resume it with `luna runs restart 17`.");
        assertThat(run(
                                RunState.HELD,
                                RunPhase.VERIFICATION,
                                false,
                                null,
                                List.of(
                                        GateCheck.of("rows", 1, 1, 1, "all rows"),
                                        GateCheck.of("overlap_at_10", 0.1, 0.5, 1, "10 % overlap")),
                                null,
                                null)
                        .sentence())
                .isEqualTo(
                        "Held back by the gate since 2030-01-31T02:00:00Z: 10 % overlap. Readers keep the run that is published; publish this one anyway with `luna runs publish 17 --force`.");
    }

    @Test
    void aRunThatIsOutOfDateIsNotToBeResumed() {
        assertThat(unfinished(RunState.STOPPED, null, 19L, null).sentence())
                .isEqualTo(
                        "Stopped in scoring at 2030-01-31T02:00:00Z on request of bob. It cannot be resumed: run 19, which began later, was published meanwhile; start a new one with `luna recompute`.");
        assertThat(unfinished(RunState.STOPPED, 16L, 19L, 18L).sentence())
                .isEqualTo(
                        "Stopped in scoring at 2030-01-31T02:00:00Z on request of bob. It cannot be resumed: readers were moved to run 18 after this refresh of run 16 had begun; start a new one with `luna recompute --refresh`.");
        assertThat(unfinished(RunState.FAILED, 16L, null, 4L).sentence())
                .isEqualTo(
                        "Failed in scoring at 2030-01-31T02:00:00Z: in partition 3: disk full. Make room. It cannot be resumed: readers were moved to run 4 after this refresh of run 16 had begun; start a new one with `luna recompute --refresh`.");
    }

    @Test
    void aCompleteRunSaysWhetherReadersSeeItAndWhetherItIsKept() {
        assertThat(run(RunState.COMPLETED, RunPhase.DONE, true, null, List.of(), null, null)
                        .sentence())
                .isEqualTo("Published: readers see it since 2030-01-31T02:00:00Z.");
        assertThat(run(RunState.COMPLETED, RunPhase.DONE, false, null, List.of(), null, null)
                        .sentence())
                .isEqualTo("Complete and kept; go back to it with `luna runs publish 17`.");
        assertThat(run(RunState.COMPLETED, RunPhase.DONE, false, null, List.of(), null, TWO)
                        .sentence())
                .isEqualTo(
                        "Complete; its rankings were dropped at 2030-01-31T02:00:00Z. `luna runs` shows which are kept, `luna recompute` makes new ones.");
    }

    @Test
    void aRunInTheWayIsToBeWaitedForOrStopped() {
        Run run = run(RunState.RUNNING, RunPhase.PUBLICATION, false, null, List.of(), owner(true), null);

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

    private static RunOwner owner(boolean live) {
        return new RunOwner("host:42", TWO, TWO.plusSeconds(15), live);
    }

    /** A run that bob stopped, or that failed. */
    private static Run unfinished(RunState state, Long baseRunId, Long supersededBy, Long readersMovedTo) {
        RunFailure failure = RunFailure.of("partition 3", List.of("disk full"), "Make room.");
        return run(
                state,
                RunPhase.SCORING,
                false,
                failure,
                List.of(),
                null,
                null,
                "bob",
                baseRunId,
                supersededBy,
                readersMovedTo);
    }

    private static Run run(
            RunState state,
            RunPhase phase,
            boolean published,
            RunFailure failure,
            List<GateCheck> gate,
            RunOwner owner,
            Instant droppedAt) {
        return run(state, phase, published, failure, gate, owner, droppedAt, null, null, null, null);
    }

    private static Run run(
            RunState state,
            RunPhase phase,
            boolean published,
            RunFailure failure,
            List<GateCheck> gate,
            RunOwner owner,
            Instant droppedAt,
            String stopRequestedBy,
            Long baseRunId,
            Long supersededBy,
            Long readersMovedTo) {
        return new Run(
                17,
                baseRunId == null ? RunKind.FULL : RunKind.REFRESH,
                baseRunId,
                state,
                phase,
                published,
                "ada",
                TWO,
                TWO,
                TWO,
                TWO,
                1_000_000L,
                100_000L,
                20_000_000L,
                10_000_000L,
                500L,
                Map.of(),
                Map.of(),
                Map.of(),
                gate,
                failure,
                null,
                TWO,
                "ada",
                null,
                null,
                null,
                droppedAt,
                stopRequestedBy,
                supersededBy,
                readersMovedTo,
                owner,
                new RunProgress(250_000, 1_000_000L, 15, 62, 10_000.0, Duration.ofSeconds(75)),
                0);
    }
}
