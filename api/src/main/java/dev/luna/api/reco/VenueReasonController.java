package dev.luna.api.reco;

import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.tags.Tag;
import jakarta.validation.Valid;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import java.util.UUID;
import org.springdoc.core.annotations.ParameterObject;
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
            @ParameterObject @Valid FilterFields filters) {
        VenueFilter filter = FilterFields.filter(filters);
        Answer<VenueReason> answer = reasons.why(new VenueQuestion(userId, filter, limit, false, null, null), venueId);
        return headers.with(200, answer).body(answer.items().get(0));
    }
}
