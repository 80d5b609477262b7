package dev.luna.api.reco;

import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.Parameter;
import io.swagger.v3.oas.annotations.tags.Tag;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.http.CacheControl;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

@RestController
@Tag(name = "Recommendations", description = "Where to go, and with whom")
class RecoController {

    private static final int MAX_LIMIT = 1000;
    private static final String DEFAULT_LIMIT = "10";

    private final VenueRecommendations venues;
    private final CompanionRecommendations companions;
    private final CacheControl storedAnswers;

    RecoController(VenueRecommendations venues, CompanionRecommendations companions, RecoProperties properties) {
        this.venues = venues;
        this.companions = companions;
        this.storedAnswers =
                CacheControl.maxAge(properties.maxAge()).mustRevalidate().cachePublic();
    }

    @GetMapping("/reco/venues/{user_id}")
    @Operation(operationId = "recommendVenues", summary = "The user's best venues, best first")
    @RankingAnswer
    ResponseEntity<List<RecommendedVenue>> venues(
            @PathVariable("user_id") UUID userId,
            @RequestParam(defaultValue = DEFAULT_LIMIT) @Min(1) @Max(MAX_LIMIT) int limit) {
        return entity(venues.top(userId, limit));
    }

    @GetMapping("/reco/people/{user_id}")
    @Operation(
            operationId = "recommendPeople",
            summary = "The user's best companions, best first",
            description = "With venue_id: the best for going there, by the friends' own taste for the venue and its"
                    + " category.")
    @RankingAnswer
    ResponseEntity<List<RecommendedCompanion>> people(
            @PathVariable("user_id") UUID userId,
            @Parameter(description = "Where they would go; empty means companions in general")
                    @RequestParam(name = "venue_id", required = false)
                    @Nullable
                    UUID venueId,
            @RequestParam(defaultValue = DEFAULT_LIMIT) @Min(1) @Max(MAX_LIMIT) int limit) {
        return entity(companions.top(userId, venueId, limit));
    }

    private <T> ResponseEntity<List<T>> entity(Answer<T> answer) {
        ResponseEntity.BodyBuilder builder = ResponseEntity.ok()
                .header("Luna-Run", answer.runId() == null ? "none" : Long.toString(answer.runId()))
                .header("Luna-Snapshot", answer.snapshotAt().toString())
                .header("Luna-Source", answer.isStored() ? "run" : "live");
        if (answer.isStored()) {
            // Weak: gzip makes other bytes of the same answer.
            builder.eTag("W/\"" + answer.validator() + "\"").cacheControl(storedAnswers);
        } else {
            builder.cacheControl(CacheControl.noStore());
        }
        return builder.body(answer.items());
    }
}
