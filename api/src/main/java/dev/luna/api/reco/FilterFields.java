package dev.luna.api.reco;

import io.swagger.v3.oas.annotations.media.Schema;
import jakarta.validation.constraints.DecimalMax;
import jakarta.validation.constraints.DecimalMin;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.Pattern;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Which venues may be ranked, as the query parameters of a single read or in the body of another. */
@Schema(example = "{\"category\": [\"cafe\"], \"max_price_level\": 2, \"min_rating\": 3.5, \"max_distance_km\": 5}")
record FilterFields(
        @Schema(
                description = "Any of these, spelt as the venues have it; one that no venue has matches none."
                        + " In a query, repeat it for several")
        @Nullable
        List<String> category,

        @Schema(description = "1 (cheap) to 4") @Min(1) @Max(VenueFilter.MAX_PRICE_LEVEL) @Nullable
        Integer maxPriceLevel,

        @Schema(description = "0 to 5") @DecimalMin("0") @DecimalMax(VenueFilter.MAX_RATING) @Nullable
        Double minRating,

        @Schema(description = "Kilometres from home; of a group, from everybody's")
        @DecimalMin("0")
        @DecimalMax(VenueFilter.MAX_DISTANCE_KM)
        @Nullable
        Double maxDistanceKm,

        @Schema(
                allowableValues = "visited",
                description = "visited leaves out venues that the user, or any member, has an interaction with")
        @Pattern(regexp = "visited", message = "must be visited")
        @Nullable
        String exclude,

        @Schema(description = "Venues to leave out; in a query, repeat it for several") @Nullable
        List<UUID> excludeVenueId) {

    /** The filter that the fields say; all venues pass when there are none. */
    static VenueFilter filter(@Nullable FilterFields fields) {
        return fields == null
                ? VenueFilter.NONE
                : VenueFilter.of(
                        fields.category,
                        fields.maxPriceLevel,
                        fields.minRating,
                        fields.maxDistanceKm,
                        fields.exclude,
                        fields.excludeVenueId);
    }
}
