package dev.luna.api.interactions;

import dev.luna.api.web.ExampleIds;
import io.swagger.v3.oas.annotations.media.Schema;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.NotNull;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** What a client says about one of many interactions. */
record BatchedInteraction(
        @Schema(example = ExampleIds.USER) @NotNull UUID userId,

        @Schema(example = ExampleIds.VENUE) @NotNull UUID venueId,

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
