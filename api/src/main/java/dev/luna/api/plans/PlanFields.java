package dev.luna.api.plans;

import io.swagger.v3.oas.annotations.media.Schema;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Size;
import java.time.Instant;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** What a client says about a new plan. */
record PlanFields(
        @Schema(example = "6f8b3c52-0d5e-4c8e-9a39-0a4f2f7f1f10") @NotNull
        UUID organizerId,

        @Schema(example = "0b0f4b0e-7a36-4f6c-8d5b-2f5a3a1b9c11") @NotNull
        UUID venueId,

        @Schema(example = "2030-01-31T20:00:00+01:00", description = "with offset; in the future") @NotNull
        Instant startTime,

        @Schema(description = "who is invited besides the organizer") @Size(max = PlanStore.MOST_PARTICIPANTS) @Nullable
        List<UUID> participants) {

    /** Those to invite, each once and without the organizer. */
    Set<UUID> invited() {
        Set<UUID> invited = new LinkedHashSet<>(participants == null ? List.of() : participants);
        invited.remove(organizerId);
        return invited;
    }
}
