package dev.luna.api.interactions;

import io.swagger.v3.oas.annotations.media.Schema;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.NotNull;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** What a client says about one of many interactions. */
record BatchedInteraction(
        @Schema(example = "6f8b3c52-0d5e-4c8e-9a39-0a4f2f7f1f10") @NotNull
        UUID userId,

        @Schema(example = "0e3b4f0a-8a53-4a43-9d2e-5d5b2d6f3c11") @NotNull
        UUID venueId,

        @NotNull InteractionType interactionType,

        @Schema(example = "120", description = "seconds") @Min(0) @Nullable
        Integer dwellTime,

        @Schema(description = "another name of dwell_time; give one of them", deprecated = true) @Min(0) @Nullable
        Integer dwellTimeSeconds) {

    /** The seconds under whichever name they were given. */
    @Nullable
    Integer dwellSeconds() {
        return dwellTime != null ? dwellTime : dwellTimeSeconds;
    }
}
