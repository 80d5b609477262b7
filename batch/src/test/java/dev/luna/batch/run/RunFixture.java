package dev.luna.batch.run;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;

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
    private RunProgress progress;

    private RunFixture(RunState state, RunPhase phase) {
        this.state = state;
        this.phase = phase;
    }

    public static RunFixture in(RunState state, RunPhase phase) {
        return new RunFixture(state, phase);
    }

    /** A published refresh that lacks nothing that a run can have, and has nothing twice; its moments are an hour apart. */
    public static Run withEverything() {
        return new Run(
                17,
                RunKind.REFRESH,
                12L,
                RunState.COMPLETED,
                RunPhase.DONE,
                true,
                "ada",
                true,
                hours(1),
                hours(2),
                hours(3),
                hours(4),
                new RunCounts(1_000_000L, 100_000L, 20_000_000L, 10_000_000L, 500L),
                Map.of("positive_types", List.of("interest", "like"), "decay_per_km", 0.2),
                Map.of("venues_per_user", 50),
                Map.of(RunPhase.SCORING, 130.04),
                List.of(
                        GateCheck.of("rows", 1, 0.9, 1, "all rows"),
                        GateCheck.of("overlap_at_10", 0.1, 0.5, 0.8, "10 % overlap")),
                RunFailure.of("partition 3", List.of("disk full", "no space"), "Make room.")
                        .amongUsers(8, new UUID(0, 1), new UUID(0, 2)),
                0xabcdefL,
                hours(5),
                "bea",
                hours(6),
                "cem",
                hours(7),
                hours(8),
                "dan",
                18L,
                19L,
                new RunOwner("host:42", hours(9), hours(10), false),
                new RunProgress(250_000, 900_000L, 15, 62, 10_000.0, 65.0),
                123_456_789);
    }

    private static Instant hours(int after) {
        return AT.plus(Duration.ofHours(after));
    }

    RunFixture leftBehind() {
        isLeaseLive = false;
        return this;
    }

    public RunFixture published() {
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

    /** With nobody to score. */
    public RunFixture ofNobody() {
        progress = new RunProgress(0, 0L, 0, 0, null, null);
        return this;
    }

    public RunFixture refreshOf(long baseId) {
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
                progress == null
                        ? new RunProgress(250_000, 1_000_000L, 15, 62, 10_000.0, isRunning ? 75.0 : null)
                        : progress,
                0);
    }
}
