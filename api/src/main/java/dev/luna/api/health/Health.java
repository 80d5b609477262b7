package dev.luna.api.health;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.swagger.v3.oas.annotations.media.Schema;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** The answer of {@code GET /health}. */
record Health(
        @Schema(allowableValues = {"healthy", "unhealthy"}) String status,
        @Schema(example = "luna") String service,

        @Schema(description = "the run that readers see; null before the first")
        @JsonInclude(JsonInclude.Include.ALWAYS)
        @Nullable
        PublishedRun publishedRun,

        @Schema(description = "why it is unhealthy") @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable
        String detail) {

    /** What readers see and how old it is, on the database's clock. */
    record PublishedRun(
            @Schema(example = "17") long id,

            @Schema(description = "the moment whose inputs it ranks")
            Instant snapshotAt,

            Instant publishedAt,

            @Schema(description = "since its snapshot", example = "3127.4")
            double ageSeconds,

            @Schema(
                    description = "since the snapshot of the full run that it is, or that it refreshes",
                    example = "40127.4")
            double fullAgeSeconds) {}

    static Health healthy(@Nullable PublishedRun publishedRun) {
        return new Health("healthy", "luna", publishedRun, null);
    }

    static Health unhealthy(String detail) {
        return new Health("unhealthy", "luna", null, detail);
    }
}
