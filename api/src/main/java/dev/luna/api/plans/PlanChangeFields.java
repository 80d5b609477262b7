package dev.luna.api.plans;

import io.swagger.v3.oas.annotations.media.Schema;
import jakarta.validation.constraints.NotNull;
import java.time.Instant;
import java.util.UUID;

/** What can change of a pending plan. */
record PlanChangeFields(
        @Schema(example = "0b0f4b0e-7a36-4f6c-8d5b-2f5a3a1b9c11", requiredMode = Schema.RequiredMode.NOT_REQUIRED)
        @NotNull
        UUID venueId,

        @Schema(
                example = "2030-01-31T21:00:00+01:00",
                description = "with offset; in the future",
                requiredMode = Schema.RequiredMode.NOT_REQUIRED)
        @NotNull
        Instant startTime) {}
