package dev.luna.api.friends;

import io.swagger.v3.oas.annotations.media.Schema;
import jakarta.validation.constraints.DecimalMax;
import jakarta.validation.constraints.DecimalMin;
import org.jspecify.annotations.Nullable;

/** What a client says about an edge; what it leaves out is a friend of middling strength. */
record FriendFields(
        @Schema(defaultValue = "friend") @Nullable RelationshipType relationshipType,

        @Schema(example = "0.8", description = "0 to 1", defaultValue = "0.5")
        @DecimalMin("0")
        @DecimalMax("1")
        @Nullable
        Double strength) {

    RelationshipType relationshipTypeOrDefault() {
        return relationshipType == null ? RelationshipType.FRIEND : relationshipType;
    }

    double strengthOrDefault() {
        return strength == null ? 0.5 : strength;
    }
}
