package dev.luna.api.plans;

import dev.luna.api.web.ExampleIds;
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
        @Schema(example = ExampleIds.USER) @NotNull UUID organizerId,

        @Schema(example = ExampleIds.VENUE) @NotNull UUID venueId,

        @Schema(example = "2099-01-31T20:00:00+01:00", description = "with offset; in the future") @NotNull
        Instant startTime,

        @Schema(example = "[\"" + ExampleIds.OTHER_USER + "\"]", description = "who is invited besides the organizer")
        @Size(max = PlanStore.MOST_PARTICIPANTS)
        @Nullable
        List<UUID> participants) {

    /** Those to invite, each once and without the organizer. */
    Set<UUID> invited() {
        Set<UUID> invited = new LinkedHashSet<>(participants == null ? List.of() : participants);
        invited.remove(organizerId);
        return invited;
    }
}
