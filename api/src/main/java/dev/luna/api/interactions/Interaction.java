package dev.luna.api.interactions;

import io.swagger.v3.oas.annotations.media.Schema;
import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** An interaction as stored. */
record Interaction(
        UUID id,
        UUID userId,
        UUID venueId,
        InteractionType interactionType,

        @Schema(example = "120", description = "seconds") @Nullable
        Integer dwellTime,

        Instant createdAt) {}
