package dev.luna.batch.run;

import java.time.Instant;
import java.util.List;
import java.util.Map;

/** A full run of a million users, a quarter of them scored; all it tells of is of {@link #AT}. */
public final class RunFixture {

    public static final Instant AT = Instant.parse("2030-01-31T02:00:00.123Z");

    private final RunState state;
    private final RunPhase phase;
    private boolean isLeaseLive = true;
    private boolean isPublished;
    private boolean isDropped;
    private boolean isToBeHeld;
    private RunFailure failure;
    private List<GateCheck> gate = List.of();
    private String stopRequestedBy;
    private Long baseRunId;
    private Long supersededBy;
    private Long readersMovedTo;

    private RunFixture(RunState state, RunPhase phase) {
        this.state = state;
        this.phase = phase;
    }

    public static RunFixture in(RunState state, RunPhase phase) {
        return new RunFixture(state, phase);
    }

    RunFixture leftBehind() {
        isLeaseLive = false;
        return this;
    }

    RunFixture published() {
        isPublished = true;
        return this;
    }

    RunFixture toBeHeld() {
        isToBeHeld = true;
        return this;
    }

    RunFixture dropped() {
        isDropped = true;
        return this;
    }

    public RunFixture failed(RunFailure why) {
        failure = why;
        return this;
    }

    RunFixture checked(GateCheck... checks) {
        gate = List.of(checks);
        return this;
    }

    RunFixture stoppedBy(String who) {
        stopRequestedBy = who;
        return this;
    }

    RunFixture refreshOf(long baseId) {
        baseRunId = baseId;
        return this;
    }

    RunFixture supersededBy(long newerId) {
        supersededBy = newerId;
        return this;
    }

    RunFixture readersMovedTo(long otherId) {
        readersMovedTo = otherId;
        return this;
    }

    public Run run() {
        boolean isRunning = state == RunState.RUNNING;
        return new Run(
                17,
                baseRunId == null ? RunKind.FULL : RunKind.REFRESH,
                baseRunId,
                state,
                phase,
                isPublished,
                "ada",
                isToBeHeld,
                AT,
                AT,
                isRunning ? null : AT,
                AT,
                new RunCounts(1_000_000L, 100_000L, 20_000_000L, 10_000_000L, 500L),
                Map.of("positive_types", List.of("interest", "like"), "decay_per_km", 0.2),
                Map.of("venues_per_user", 50, "block_users", 512),
                Map.of(),
                gate,
                failure,
                null,
                isPublished ? AT : null,
                isPublished ? "ada" : null,
                null,
                null,
                null,
                isDropped ? AT : null,
                stopRequestedBy,
                supersededBy,
                readersMovedTo,
                isRunning ? new RunOwner("host:42", AT, AT.plusSeconds(15), isLeaseLive) : null,
                new RunProgress(250_000, 1_000_000L, 15, 62, 10_000.0, isRunning ? 75.0 : null),
                0);
    }
}
