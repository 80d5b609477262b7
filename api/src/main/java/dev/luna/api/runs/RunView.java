package dev.luna.api.runs;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.luna.api.web.Wire;
import dev.luna.batch.run.GateCheck;
import dev.luna.batch.run.PartitionProgress;
import dev.luna.batch.run.Run;
import dev.luna.batch.run.RunCounts;
import dev.luna.batch.run.RunFailure;
import dev.luna.batch.run.RunKind;
import dev.luna.batch.run.RunOwner;
import dev.luna.batch.run.RunPhase;
import dev.luna.batch.run.RunProgress;
import dev.luna.batch.run.RunState;
import dev.luna.batch.run.StartedRun;
import io.swagger.v3.oas.annotations.media.Schema;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** A run as clients see it. Times are the database's. */
@Schema(name = "Run")
record RunView(
        @Schema(example = "17") long id,
        RunKind kind,

        @Schema(description = "the full run that a refresh is relative to") @Nullable
        Long baseRunId,

        RunState state,
        RunPhase phase,

        @Schema(
                description = "what it does or waits for, since when, and what to do next",
                example = "Published: readers see it since 2030-01-31T02:04:05Z.")
        String sentence,

        @Schema(description = "whether readers see its rankings")
        boolean published,

        @Schema(example = "api") String requestedBy,

        @Schema(description = "whether it is a trial, held when it is complete")
        boolean hold,

        Instant createdAt,
        @Nullable Instant finishedAt,

        @Schema(description = "the moment whose inputs it ranks") @Nullable
        Instant snapshotAt,

        @Schema(description = "how far scoring has come; only what is committed counts")
        RunProgress progress,

        @Schema(description = "the process that works on it") @Nullable
        Owner owner,

        @Schema(description = "what the snapshot holds; max_likes are those of the most liked venue")
        RunCounts counts,

        @Schema(description = "seconds per phase") Map<String, Double> timings,

        @Schema(description = "the checks before publication, with their bands")
        List<GateCheck> gate,

        @Schema(description = "why it failed; null unless it did") @Nullable
        Failure failure,

        @Schema(description = "hexadecimal; equal inputs and settings give an equal one", example = "7b3f00c2a4910d5e")
        @Nullable
        String checksum,

        @Nullable Instant publishedAt,
        @Schema(example = "cli:root") @Nullable String publishedBy,

        @Schema(description = "when it was published although the gate held it back") @Nullable
        Instant forcedAt,

        @Schema(description = "who did that", example = "cli:root") @Nullable
        String forcedBy,

        @Schema(description = "the tick of the schedule that asked for it") @Nullable
        Instant scheduledFor,

        @Nullable Instant storageDroppedAt,

        @Schema(description = "disk that its inputs and rankings take")
        long storageBytes,

        @Schema(description = "the scoring profile, as recorded")
        Map<String, Object> profile,

        @Schema(description = "list lengths and chunk sizes, as recorded")
        Map<String, Object> settings,

        @Schema(description = "the partitions of its plan; left out of lists")
        @JsonInclude(JsonInclude.Include.NON_NULL)
        @Nullable
        List<PartitionProgress> partitions) {

    /** Its first error. */
    record Failure(
            @Schema(description = "all of it in words") String reason,
            @Schema(example = "partition 3") String where,
            @Nullable Integer partition,

            @Schema(description = "users in the chunk that failed") @Nullable
            Integer users,

            @Nullable UUID firstUserId,
            @Nullable UUID lastUserId,

            @Schema(description = "from the outermost cause to the root")
            List<String> causes,

            @Schema(description = "what to do about it") String hint) {

        static @Nullable Failure of(@Nullable RunFailure failure) {
            return failure == null
                    ? null
                    : new Failure(
                            failure.reason(),
                            failure.where(),
                            failure.partition(),
                            failure.users(),
                            failure.firstUserId(),
                            failure.lastUserId(),
                            failure.causes(),
                            failure.hint());
        }
    }

    /** Who works on it. */
    record Owner(
            @Schema(example = "host:4711") String name,
            Instant since,
            Instant leaseUntil,

            @Schema(description = "false when the process is gone and the next start takes over")
            boolean live) {}

    static RunView of(Run run) {
        return of(run, null);
    }

    /** What its starter is told, who may not have got a run of his own. */
    static RunView of(StartedRun started) {
        Run run = started.run();
        return of(run, started.resumed() ? started.resumption() + ". " + run.sentence() : run.sentence(), null);
    }

    static RunView of(Run run, @Nullable List<PartitionProgress> partitions) {
        return of(run, run.sentence(), partitions);
    }

    private static RunView of(Run run, String sentence, @Nullable List<PartitionProgress> partitions) {
        Map<String, Double> timings = new TreeMap<>();
        run.timings().forEach((phase, seconds) -> timings.put(Wire.name(phase), seconds));
        Long checksum = run.checksum();
        return new RunView(
                run.id(),
                run.kind(),
                run.baseRunId(),
                run.state(),
                run.phase(),
                Calls.beside(sentence),
                run.published(),
                run.requestedBy(),
                run.hold(),
                run.createdAt(),
                run.finishedAt(),
                run.snapshotAt(),
                run.progress(),
                owner(run.owner()),
                run.counts(),
                timings,
                run.gate(),
                Failure.of(run.failure()),
                checksum == null ? null : "%016x".formatted(checksum),
                run.publishedAt(),
                run.publishedBy(),
                run.forcedAt(),
                run.forcedBy(),
                run.scheduledFor(),
                run.storageDroppedAt(),
                run.storageBytes(),
                run.profile(),
                run.settings(),
                partitions);
    }

    private static @Nullable Owner owner(@Nullable RunOwner owner) {
        return owner == null ? null : new Owner(owner.name(), owner.since(), owner.leaseUntil(), owner.live());
    }
}
