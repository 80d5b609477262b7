package dev.luna.batch.run;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One computation of all rankings, as the database knew it at one moment. Times are the database's.
 *
 * @param id grows from run to run; what readers call the generation
 * @param kind what it computes
 * @param baseRunId the full run that a refresh is relative to; null for a full run
 * @param state where it stands
 * @param phase what it is doing, or was doing when it ended
 * @param published whether readers see its rankings
 * @param requestedBy who or what asked for it
 * @param hold whether it is a trial, held when it is complete for who asked for it to look at
 * @param createdAt when it was asked for
 * @param phaseStartedAt when the present phase began in the present attempt
 * @param finishedAt when it ended; null while it runs
 * @param snapshotAt the moment whose inputs it ranks; null until they are staged
 * @param counts what the snapshot holds
 * @param profile the scoring profile as recorded: weights, decay, caps, positive types
 * @param settings list lengths, block and chunk sizes as recorded
 * @param timings seconds spent per phase, over all attempts, without the time between them
 * @param gate the gate's checks; empty before verification
 * @param failure why it failed, with a hint; null unless failed
 * @param checksum over (user, rank, venue, stored score) of all users of the snapshot, of a refresh too; null before
 *     verification. Equal inputs, profile and
 *     list length give an equal checksum on any machine, number of threads and JDK
 * @param publishedAt when it last became the published run
 * @param publishedBy who made it so
 * @param forcedAt when it was published although the gate held it back; null if it never was
 * @param forcedBy who did that
 * @param scheduledFor the tick of the schedule that asked for it; null when somebody did
 * @param storageDroppedAt when its rankings were dropped; it cannot be published or restarted since
 * @param stopRequestedBy who asked it to stop since it was last started or restarted; null if nobody did
 * @param supersededBy the newest run that began later and was published, now or earlier: what this one computed before it is
 *     out of date. For a full run the newest full one; null if there is none
 * @param readersMovedTo of a refresh, the other run that readers were moved to after it had begun: it would take them back to
 *     the run they were moved from, or bring its changes back. Null if they were not, and for a full run, which has newer data
 *     than those that began before it
 * @param owner who works on it; null when nobody does
 * @param progress how far scoring has come
 * @param storageBytes disk its staged inputs and rankings take, indexes included
 */
public record Run(
        long id,
        RunKind kind,
        @Nullable Long baseRunId,
        RunState state,
        RunPhase phase,
        boolean published,
        String requestedBy,
        boolean hold,
        Instant createdAt,
        Instant phaseStartedAt,
        @Nullable Instant finishedAt,
        @Nullable Instant snapshotAt,
        RunCounts counts,
        Map<String, Object> profile,
        Map<String, Object> settings,
        Map<RunPhase, Double> timings,
        List<GateCheck> gate,
        @Nullable RunFailure failure,
        @Nullable Long checksum,
        @Nullable Instant publishedAt,
        @Nullable String publishedBy,
        @Nullable Instant forcedAt,
        @Nullable String forcedBy,
        @Nullable Instant scheduledFor,
        @Nullable Instant storageDroppedAt,
        @Nullable String stopRequestedBy,
        @Nullable Long supersededBy,
        @Nullable Long readersMovedTo,
        @Nullable RunOwner owner,
        RunProgress progress,
        long storageBytes) {

    /** What the run is doing or waits for, since when, and what to do next, in plain words. */
    public String sentence() {
        return RunSentence.of(this);
    }

    /** Whether a process works on it; false also when that process died and another may take the run over. */
    public boolean isWorkedOn() {
        return state == RunState.RUNNING && owner != null && owner.live();
    }

    /** Whether the gate holds it, so that publishing it takes force; false for a trial that only its starter holds. */
    public boolean isHeldByGate() {
        return state == RunState.HELD && !gate.stream().allMatch(GateCheck::ok);
    }

    /** Whether it ranks everybody for readers to see, as the nightly run does: no refresh, no trial, and not out of date. */
    boolean isFullForReaders() {
        return kind == RunKind.FULL && !hold && supersededBy == null;
    }

    /** Whether its rankings are complete and kept, so that publishing it takes no computation. */
    boolean isPublishable() {
        return (state == RunState.COMPLETED || state == RunState.HELD) && storageDroppedAt == null;
    }
}
