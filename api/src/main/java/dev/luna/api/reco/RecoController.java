package dev.luna.api.reco;

import dev.luna.api.web.InvalidField;
import dev.luna.api.web.ProblemException;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.Parameter;
import io.swagger.v3.oas.annotations.responses.ApiResponse;
import io.swagger.v3.oas.annotations.tags.Tag;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.validation.Valid;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springdoc.core.annotations.ParameterObject;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

@RestController
@Tag(name = "Recommendations", description = "Where to go, and with whom")
class RecoController {

    static final int DEFAULT_LIMIT = 10;

    static final int MAX_LIMIT = 1000;
    private static final int MAX_PEOPLE = 100;

    private final VenueRecommendations venues;
    private final CompanionRecommendations companions;
    private final VenuesWithPeople withCompanions;
    private final VenueReasons reasons;
    private final RankingHeaders headers;

    RecoController(
            VenueRecommendations venues,
            CompanionRecommendations companions,
            VenuesWithPeople withCompanions,
            VenueReasons reasons,
            RankingHeaders headers) {
        this.venues = venues;
        this.companions = companions;
        this.withCompanions = withCompanions;
        this.reasons = reasons;
        this.headers = headers;
    }

    @GetMapping("/reco/venues/{user_id}")
    @Operation(
            operationId = "recommendVenues",
            summary = "The user's best venues, best first",
            description =
                    "The exact top of the venues that pass all filters. A venue without a price or rating does not"
                            + " pass a filter on it, and without a home nothing is within any distance.")
    @ApiResponse(responseCode = "200", description = "The exact top; equal scores are ordered by id")
    @ApiResponse(responseCode = "304", description = "Unchanged since the ETag of If-None-Match")
    @ApiResponse(responseCode = "409", description = "The run asked for is not complete, or held back and no trial")
    @ApiResponse(
            responseCode = "410",
            description =
                    "The run of the cursor, or the run asked for, is not kept any more, or the cursor is of before"
                            + " the first run")
    ResponseEntity<List<RecommendedVenue>> venues(
            @PathVariable("user_id") UUID userId,
            @RequestParam(defaultValue = "" + DEFAULT_LIMIT) @Min(1) @Max(MAX_LIMIT) int limit,
            @ParameterObject @Valid FilterFields filters,
            @Parameter(description = "Adds to each venue the facts behind its components")
                    @RequestParam(defaultValue = "false")
                    boolean explain,
            @Parameter(description = "From the Link header of the previous page; it stays with the run of that page")
                    @RequestParam(required = false)
                    @Nullable
                    String cursor,
            @Parameter(description = "Adds to each venue so many of the best companions for it")
                    @RequestParam(name = "with_people", defaultValue = "0")
                    @Min(0)
                    @Max(MAX_PEOPLE)
                    int withPeople,
            @Parameter(description = "A kept run whose stored ranking to show as it was, less deleted venues")
                    @RequestParam(name = "run", required = false)
                    @Min(1)
                    @Nullable
                    Long runId,
            HttpServletRequest request) {
        VenueFilter filter = FilterFields.filter(filters);
        if (runId != null && (filter.excludesVisited() || explain || withPeople > 0)) {
            throw ProblemException.invalidParameter(new InvalidField(
                    "run",
                    "goes with none of exclude, explain and with_people: what a run stored does not tell them",
                    runId));
        }
        VenueQuestion start = new VenueQuestion(userId, filter, limit, explain, runId, null);
        VenueQuestion question = cursor == null ? start : start.following(PageEnd.read(cursor, start));
        KnownAnswers known = KnownAnswers.of(request);
        if (withPeople > 0) {
            return withCompanions
                    .unchanged(question, known)
                    .map(this::unchanged)
                    .orElseGet(() -> entity(withCompanions.top(question, withPeople), known));
        }
        return venues.unchanged(question, known)
                .map(this::unchanged)
                .orElseGet(() -> entity(venues.top(question), known));
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
            @RequestParam(defaultValue = "" + DEFAULT_LIMIT) @Min(1) @Max(MAX_LIMIT) int limit,
            @ParameterObject @Valid FilterFields filters) {
        VenueFilter filter = FilterFields.filter(filters);
        Answer<VenueReason> answer = reasons.why(new VenueQuestion(userId, filter, limit, false, null, null), venueId);
        return headers.with(200, answer).body(answer.items().get(0));
    }

    @GetMapping("/reco/people/{user_id}")
    @Operation(
            operationId = "recommendPeople",
            summary = "The user's best companions, best first",
            description = "With venue_id: the best for going there, by the friends' own taste for the venue and its"
                    + " category.")
    @ApiResponse(responseCode = "200", description = "The exact top; equal scores are ordered by id")
    @ApiResponse(responseCode = "304", description = "Unchanged since the ETag of If-None-Match")
    @ApiResponse(responseCode = "409", description = "The run asked for is not complete, or held back and no trial")
    @ApiResponse(
            responseCode = "410",
            description =
                    "The run of the cursor, or the run asked for, is not kept any more, or the cursor is of before"
                            + " the first run")
    ResponseEntity<List<RecommendedCompanion>> people(
            @PathVariable("user_id") UUID userId,
            @Parameter(description = "Where they would go; empty means companions in general")
                    @RequestParam(name = "venue_id", required = false)
                    @Nullable
                    UUID venueId,
            @RequestParam(defaultValue = "" + DEFAULT_LIMIT) @Min(1) @Max(MAX_LIMIT) int limit,
            @Parameter(description = "From the Link header of the previous page; it stays with the run of that page")
                    @RequestParam(required = false)
                    @Nullable
                    String cursor,
            @Parameter(description = "A kept run whose stored ranking to show as it was, less people who are gone")
                    @RequestParam(name = "run", required = false)
                    @Min(1)
                    @Nullable
                    Long runId,
            HttpServletRequest request) {
        CompanionQuestion start = new CompanionQuestion(userId, venueId, limit, runId, null);
        CompanionQuestion question = cursor == null ? start : start.following(PageEnd.read(cursor, start));
        KnownAnswers known = KnownAnswers.of(request);
        return companions
                .unchanged(question, known)
                .map(this::unchanged)
                .orElseGet(() -> entity(companions.top(question), known));
    }

    private <T> ResponseEntity<List<T>> entity(Answer<T> answer, KnownAnswers known) {
        return known.include(answer)
                ? unchanged(answer)
                : headers.with(200, answer).body(answer.items());
    }

    private <T> ResponseEntity<List<T>> unchanged(Answer<T> answer) {
        return headers.with(304, answer).build();
    }
}
