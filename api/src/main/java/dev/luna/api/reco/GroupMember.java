package dev.luna.api.reco;

import dev.luna.batch.scoring.RankedVenue;
import io.swagger.v3.oas.annotations.media.Schema;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** A venue as one member of a group scores it. */
record GroupMember(
        UUID userId,
        @Schema(example = "0.7123457") double score,

        @Schema(example = "0.734125", description = "kilometres from home; null without a home") @Nullable
        Double distanceKm,

        @Schema(example = "0.8023112", description = "nearness, 0 to 1; 0 without a home")
        double spatialScore,

        @Schema(example = "0.5", description = "what the member did there, 0 to luna.scoring.preference-cap (1)")
        double preferenceScore) {

    static GroupMember of(UUID userId, RankedVenue venue) {
        return new GroupMember(
                userId,
                Served.score(venue.score()),
                Double.isNaN(venue.distanceKm()) ? null : Served.kilometres(venue.distanceKm()),
                Served.score(venue.spatial()),
                Served.score(venue.preference()));
    }
}
