package dev.luna.api.reco;

import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.Parameter;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.tags.Tag;
import jakarta.validation.constraints.DecimalMax;
import jakarta.validation.constraints.DecimalMin;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.Pattern;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

@RestController
@Tag(name = "Recommendations")
class VenueReasonController {

    private final VenueReasons reasons;

    private final RankingHeaders headers;

    VenueReasonController(VenueReasons reasons, RankingHeaders headers) {
        this.reasons = reasons;
        this.headers = headers;
    }

    @GetMapping("/reco/venues/{user_id}/why/{venue_id}")
    @Operation(
            operationId = "explainVenue",
            summary = "Why a venue is in the user's list, or is not",
            description =
                    "Takes the list's filters and limit. Says which rank the venue has, or would have if it passed"
                            + " the filters, what its score is made of, what the last one in the list has, and what keeps it"
                            + " out. Scored for this request.")
    ResponseEntity<VenueReason> why(
            @PathVariable("user_id") UUID userId,
            @PathVariable("venue_id") UUID venueId,
            @RequestParam(defaultValue = "" + RecoController.DEFAULT_LIMIT) @Min(1) @Max(RecoController.MAX_LIMIT)
                    int limit,
            @Parameter(example = "cafe") @RequestParam(name = "category", required = false)
                    String @Nullable [] categories,
            @Parameter(description = "1 (cheap) to 4")
                    @RequestParam(name = "max_price_level", required = false)
                    @Min(1)
                    @Max(VenueFilter.MAX_PRICE_LEVEL)
                    @Nullable
                    Integer maxPriceLevel,
            @Parameter(description = "0 to 5")
                    @RequestParam(name = "min_rating", required = false)
                    @DecimalMin("0")
                    @DecimalMax(VenueFilter.MAX_RATING)
                    @Nullable
                    Double minRating,
            @Parameter(description = "Kilometres from home")
                    @RequestParam(name = "max_distance_km", required = false)
                    @DecimalMin("0")
                    @DecimalMax(VenueFilter.MAX_DISTANCE_KM)
                    @Nullable
                    Double maxDistanceKm,
            @Parameter(description = "visited leaves out venues that the user has any interaction with")
                    @RequestParam(name = "exclude", required = false)
                    @Pattern(regexp = "visited", message = "must be visited")
                    @Schema(allowableValues = "visited")
                    @Nullable
                    String exclude,
            @Parameter(description = "Venues to leave out; repeat the parameter for several")
                    @RequestParam(name = "exclude_venue_id", required = false)
                    UUID @Nullable [] excludedVenues) {
        VenueFilter filter =
                VenueFilter.of(categories, maxPriceLevel, minRating, maxDistanceKm, exclude, excludedVenues);
        Answer<VenueReason> answer = reasons.why(new VenueQuestion(userId, filter, limit, false, null, null), venueId);
        return headers.with(200, answer).body(answer.items().get(0));
    }
}
