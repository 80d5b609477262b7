package dev.luna.api.interactions;

import dev.luna.api.web.ExampleIds;
import dev.luna.api.web.InvalidField;
import dev.luna.api.web.ProblemException;
import io.swagger.v3.oas.annotations.media.Schema;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.NotNull;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** What a client says about an interaction. */
record InteractionFields(
        @Schema(example = ExampleIds.USER) @NotNull UUID userId,

        @NotNull InteractionType interactionType,

        @Schema(example = "120", description = "seconds") @Min(0) @Nullable
        Integer dwellTime,

        @Schema(description = "another name of dwell_time; give one of them", deprecated = true) @Min(0) @Nullable
        Integer dwellTimeSeconds) {

    static final InvalidField DWELL_TIME_TWICE =
            new InvalidField("dwell_time_seconds", "is another name of dwell_time; give one of them", null);

    /** The seconds under whichever name they were given; refuses both with 422. */
    @Nullable
    Integer dwellSeconds() {
        if (dwellTime != null && dwellTimeSeconds != null) {
            throw ProblemException.invalidBody(List.of(DWELL_TIME_TWICE));
        }
        return dwellTime != null ? dwellTime : dwellTimeSeconds;
    }
}
