package dev.luna.batch.cli;

import com.fasterxml.jackson.annotation.JsonUnwrapped;
import dev.luna.batch.run.GateCheck;
import dev.luna.batch.run.PartitionProgress;
import dev.luna.batch.run.Run;
import dev.luna.batch.run.RunCounts;
import dev.luna.batch.run.RunDiff;
import dev.luna.batch.run.RunFailure;
import dev.luna.batch.run.RunKind;
import dev.luna.batch.run.RunOwner;
import dev.luna.batch.run.RunPhase;
import dev.luna.batch.run.RunProgress;
import dev.luna.batch.run.RunState;
import dev.luna.batch.run.RunVerifier;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.PropertyNamingStrategies;
import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.cfg.EnumFeature;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** Runs as JSON for scripts, in the same shape as the REST API gives them. */
final class RunJson {

    private static final JsonMapper MAPPER = JsonMapper.builder()
            .propertyNamingStrategy(PropertyNamingStrategies.SNAKE_CASE)
            .enable(EnumFeature.WRITE_ENUMS_TO_LOWERCASE)
            .enable(SerializationFeature.INDENT_OUTPUT)
            .build();

    private RunJson() {}

    static String array(List<Run> runs) {
        return MAPPER.writeValueAsString(runs.stream().map(View::of).toList());
    }

    static String object(Run run) {
        return MAPPER.writeValueAsString(View.of(run));
    }

    static String verification(long id, RunVerifier.Verification found, String checksumDifference) {
        return MAPPER.writeValueAsString(
                new VerificationView(id, found.users(), found.equal(), found.firstDifference(), checksumDifference));
    }

    static String diff(RunDiff diff) {
        return MAPPER.writeValueAsString(diff);
    }

    private record VerificationView(
            long runId, int users, int equal, String firstDifference, String checksumDifference) {}

    /** With its partitions, which a list leaves out. */
    static String object(Run run, List<PartitionProgress> partitions) {
        ObjectNode object = MAPPER.valueToTree(View.of(run));
        object.set("partitions", MAPPER.valueToTree(partitions));
        return MAPPER.writeValueAsString(object);
    }

    /** On one line, so that each line of a stream is an object. */
    static String line(Run run) {
        return MAPPER.writer().without(SerializationFeature.INDENT_OUTPUT).writeValueAsString(View.of(run));
    }

    private record View(
            long id,
            RunKind kind,
            @Nullable Long baseRunId,
            RunState state,
            RunPhase phase,
            String sentence,
            boolean published,
            String requestedBy,
            boolean hold,
            Instant createdAt,
            @Nullable Instant finishedAt,
            @Nullable Instant snapshotAt,
            RunProgress progress,
            @Nullable RunOwner owner,
            RunCounts counts,
            Map<String, Double> timings,
            List<GateCheck> gate,
            @Nullable Failure failure,
            @Nullable String checksum,
            @Nullable Instant publishedAt,
            @Nullable String publishedBy,
            @Nullable Instant forcedAt,
            @Nullable String forcedBy,
            @Nullable Instant scheduledFor,
            @Nullable Instant storageDroppedAt,
            long storageBytes,
            Map<String, Object> profile,
            Map<String, Object> settings) {

        static View of(Run run) {
            Map<String, Double> timings = new LinkedHashMap<>();
            run.timings().forEach((phase, seconds) -> timings.put(phase.name().toLowerCase(Locale.ROOT), seconds));
            return new View(
                    run.id(),
                    run.kind(),
                    run.baseRunId(),
                    run.state(),
                    run.phase(),
                    run.sentence(),
                    run.published(),
                    run.requestedBy(),
                    run.hold(),
                    run.createdAt(),
                    run.finishedAt(),
                    run.snapshotAt(),
                    run.progress(),
                    run.owner(),
                    run.counts(),
                    timings,
                    run.gate(),
                    Failure.of(run.failure()),
                    // A number of 64 bits would lose digits in most readers of JSON.
                    run.checksum() == null ? null : RunText.checksum(run),
                    run.publishedAt(),
                    run.publishedBy(),
                    run.forcedAt(),
                    run.forcedBy(),
                    run.scheduledFor(),
                    run.storageDroppedAt(),
                    run.storageBytes(),
                    run.profile(),
                    run.settings());
        }
    }

    private record Failure(String reason, @JsonUnwrapped RunFailure failure) {

        static @Nullable Failure of(@Nullable RunFailure failure) {
            return failure == null ? null : new Failure(failure.reason(), failure);
        }
    }
}
