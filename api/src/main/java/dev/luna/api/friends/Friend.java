package dev.luna.api.friends;

import io.swagger.v3.oas.annotations.media.Schema;
import java.time.Instant;
import java.util.UUID;

/** The edge from one user to another, with the other's handle and name. */
record Friend(
        UUID userId,
        UUID otherUserId,
        @Schema(example = "grace") String handle,
        @Schema(example = "Grace Hopper") String name,
        RelationshipType relationshipType,
        @Schema(example = "0.8", description = "0 to 1") double strength,
        Instant createdAt) {}
