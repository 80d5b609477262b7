package dev.luna.api.reco;

import io.swagger.v3.oas.annotations.media.Schema;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** One user's part of the answer to many. */
record BatchEntry(
        UUID userId,

        @Schema(
                allowableValues = {"run", "live"},
                description = "run: as stored by the run. live: scored for this request. null: there is no such user")
        @Nullable
        String source,

        @Schema(description = "best first; empty when there is no such user")
        List<RecommendedVenue> venues) {}
