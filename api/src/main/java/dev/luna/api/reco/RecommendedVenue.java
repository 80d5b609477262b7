package dev.luna.api.reco;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.luna.batch.scoring.InteractionMatrix;
import dev.luna.batch.scoring.RankedVenue;
import io.swagger.v3.oas.annotations.media.Schema;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** One venue of a user's ranking, with what made its score. */
record RecommendedVenue(
        @Schema(example = "1", description = "1 is best") int rank,
        UUID venueId,
        @Schema(example = "Café Morgenrot") String venueName,
        @Schema(example = "cafe") @Nullable String category,
        @Schema(example = "0.8123457") double score,

        @Schema(example = "0.734125", description = "kilometres from home; null without a home") @Nullable
        Double distanceKm,

        @Schema(example = "0.8023112", description = "nearness, 0 to 1; 0 without a home")
        double spatialScore,

        @Schema(example = "1", description = "what the user did there, 0 to luna.scoring.preference-cap (1)")
        double preferenceScore,

        @Schema(example = "0.4571429", description = "likes relative to the most liked venue, 0 to 1")
        double popularityScore,

        @Schema(description = "only with explain=true") @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable
        VenueFacts facts,

        @Schema(description = "only with with_people: the best companions for the venue")
        @JsonInclude(JsonInclude.Include.NON_NULL)
        @Nullable
        List<RecommendedCompanion> people) {

    /**
     * @param venue by its number among the index's current venues
     * @param own the user's interactions, one row, which become facts; null for none
     */
    static RecommendedVenue of(int rank, RankedVenue venue, VenueIndex index, @Nullable InteractionMatrix own) {
        int at = venue.venueIndex();
        return new RecommendedVenue(
                rank,
                index.current().id(at),
                index.details().name(at),
                index.details().category(at),
                Served.score(venue.score()),
                Double.isNaN(venue.distanceKm()) ? null : Served.kilometres(venue.distanceKm()),
                Served.score(venue.spatial()),
                Served.score(venue.preference()),
                Served.score(venue.popularity()),
                own == null ? null : VenueFacts.of(at, index, own),
                null);
    }

    /** The same with whom to go there. */
    RecommendedVenue with(List<RecommendedCompanion> companions) {
        return new RecommendedVenue(
                rank,
                venueId,
                venueName,
                category,
                score,
                distanceKm,
                spatialScore,
                preferenceScore,
                popularityScore,
                facts,
                companions);
    }
}
