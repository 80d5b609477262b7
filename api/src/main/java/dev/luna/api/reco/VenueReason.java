package dev.luna.api.reco;

import dev.luna.batch.scoring.RankedVenue;
import io.swagger.v3.oas.annotations.media.Schema;
import org.jspecify.annotations.Nullable;

/** Why a venue is in a user's list, or what keeps it out. */
record VenueReason(
        @Schema(description = "the venue, with the rank it has or would have if it passed the filters")
        RecommendedVenue venue,

        @Schema(description = "whether it is among the first limit of the list")
        boolean isInList,

        @Schema(
                example = "spatial_score",
                description =
                        "null in the list; else the filter that it does not pass, or the component that costs it most"
                                + " against the last one in; id when the scores are equal",
                allowableValues = {
                    "category",
                    "max_price_level",
                    "min_rating",
                    "max_distance_km",
                    "exclude",
                    "exclude_venue_id",
                    "spatial_score",
                    "preference_score",
                    "popularity_score",
                    "id"
                })
        @Nullable
        String keptOutBy,

        @Schema(description = "the last one in the list; null when nothing passes the filters") @Nullable
        RecommendedVenue lastInList) {

    /** The component with the largest weighted deficit. */
    static String weakest(RankedVenue venue, RankedVenue last, VenueIndex index) {
        double spatial = index.profile().spatialWeight() * (last.spatial() - venue.spatial());
        double preference = index.profile().preferenceWeight() * (last.preference() - venue.preference());
        double popularity = index.profile().popularityWeight() * (last.popularity() - venue.popularity());
        double most = Math.max(spatial, Math.max(preference, popularity));
        if (venue.score() == last.score()) {
            return "id";
        }
        return most == spatial ? "spatial_score" : most == preference ? "preference_score" : "popularity_score";
    }
}
