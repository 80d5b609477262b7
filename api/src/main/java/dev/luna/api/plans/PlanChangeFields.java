package dev.luna.api.plans;

import dev.luna.api.web.ExampleIds;
import io.swagger.v3.oas.annotations.media.Schema;
import jakarta.validation.constraints.NotNull;
import java.time.Instant;
import java.util.UUID;

/** What can change of a pending plan. */
record PlanChangeFields(
        @Schema(example = ExampleIds.VENUE, requiredMode = Schema.RequiredMode.NOT_REQUIRED) @NotNull
        UUID venueId,

        @Schema(
                example = "2099-01-31T21:00:00+01:00",
                description = "with offset; in the future",
                requiredMode = Schema.RequiredMode.NOT_REQUIRED)
        @NotNull
        Instant startTime) {}
