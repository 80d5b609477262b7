package dev.luna.api.reco;

import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.Parameter;
import io.swagger.v3.oas.annotations.headers.Header;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.responses.ApiResponse;
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
    @ApiResponse(
            responseCode = "200",
            description = "The exact top; equal scores are ordered by venue_id",
            headers = {
                @Header(
                        name = "Luna-Run",
                        description = "The published run's id; none before the first",
                        schema = @Schema(type = "string")),
                @Header(
                        name = "Luna-Snapshot",
                        description = "The moment whose inputs the run ranks",
                        schema = @Schema(type = "string", format = "date-time")),
                @Header(
                        name = "Luna-Source",
                        description = "run: as stored by the run. live: scored for this request",
                        schema =
                                @Schema(
                                        type = "string",
                                        allowableValues = {"run", "live"})),
                @Header(name = "ETag", description = "On run answers", schema = @Schema(type = "string"))
            })
    @ApiResponse(responseCode = "304", description = "Unchanged since the ETag of If-None-Match")
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
    @ApiResponse(
            responseCode = "200",
            description = "The exact top; equal scores are ordered by user_id",
            headers = {
                @Header(
                        name = "Luna-Run",
                        description = "The published run's id; none before the first",
                        schema = @Schema(type = "string")),
                @Header(
                        name = "Luna-Snapshot",
                        description = "The moment whose inputs the run ranks",
                        schema = @Schema(type = "string", format = "date-time")),
                @Header(
                        name = "Luna-Source",
                        description = "run: as stored by the run. live: scored for this request",
                        schema =
                                @Schema(
                                        type = "string",
                                        allowableValues = {"run", "live"})),
                @Header(name = "ETag", description = "On run answers", schema = @Schema(type = "string"))
            })
    @ApiResponse(responseCode = "304", description = "Unchanged since the ETag of If-None-Match")
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
