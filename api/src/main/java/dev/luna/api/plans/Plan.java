package dev.luna.api.plans;

import io.swagger.v3.oas.annotations.media.Schema;
import java.time.Instant;
import java.util.List;
import java.util.UUID;

/** A plan as stored. The organizer is a participant, too. */
record Plan(
        UUID id,
        UUID organizerId,
        UUID venueId,
        Instant startTime,
        PlanStatus status,

        @Schema(description = "its status and what becomes of its booking")
        PlanState state,

        Instant createdAt,

        @Schema(description = "the organizer, then all others as they were invited")
        List<Participant> participants) {}
