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

        @Schema(description = "the organizer, then the others by when they were first invited, those of one call by id")
        List<Participant> participants) {

    Plan {
        if (state == null) {
            // A new plan's answer, kept for its Idempotency-Key by a server that did not tell the state yet.
            state = PlanState.of(status, null);
        }
    }
}
