package dev.luna.api.plans;

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
        Instant createdAt,
        List<Participant> participants) {}
