package dev.luna.api.plans;

import io.swagger.v3.oas.annotations.media.Schema;
import java.util.UUID;

/** Somebody who is asked to come along, or comes. */
record Participant(
        UUID userId,
        @Schema(example = "ada") String handle,
        @Schema(example = "Ada Lovelace") String name,
        ParticipantStatus status) {}
