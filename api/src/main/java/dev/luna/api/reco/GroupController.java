package dev.luna.api.reco;

import dev.luna.api.web.Wire;
import dev.luna.batch.scoring.GroupRanker;
import dev.luna.batch.scoring.GroupStrategy;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.Parameter;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.responses.ApiResponse;
import io.swagger.v3.oas.annotations.tags.Tag;
import jakarta.validation.Valid;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import java.util.List;
import java.util.UUID;
import org.springdoc.core.annotations.ParameterObject;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

@RestController
@Tag(name = "Recommendations")
class GroupController {

    private final GroupRecommendations groups;

    private final RankingHeaders headers;

    GroupController(GroupRecommendations groups, RankingHeaders headers) {
        this.groups = groups;
        this.headers = headers;
    }

    @PostMapping("/reco/group")
    @Operation(
            operationId = "recommendGroupVenues",
            summary = "The best venues for 2 to " + GroupRanker.MAX_MEMBERS + " people together, best first",
            description =
                    "The exact top by the group's score, with each member's own. A member without a home or without"
                            + " interactions counts with a nearness or a preference of 0.")
    @ApiResponse(responseCode = "200", description = "The exact top; equal scores are ordered by id")
    @ApiResponse(responseCode = "404", description = "A member does not exist")
    ResponseEntity<List<RecommendedGroupVenue>> group(@Valid @RequestBody GroupQuestion question) {
        return entity(groups.top(
                question.members(),
                question.strategyOrDefault(),
                FilterFields.filter(question.filters()),
                question.limitOrDefault()));
    }

    @GetMapping("/plans/{plan_id}/reco")
    @Operation(
            operationId = "recommendPlanVenues",
            summary = "The best venues for those who take part in a plan, best first",
            description = "For the organizer and all participants who have not declined, as POST /reco/group.")
    @ApiResponse(responseCode = "200", description = "The exact top; equal scores are ordered by id")
    ResponseEntity<List<RecommendedGroupVenue>> plan(
            @Parameter(description = "A plan's id") @PathVariable("plan_id") UUID planId,
            @Parameter(description = "How the members' scores become the group's")
                    @Schema(allowableValues = {"average", "least_misery", "fairness"})
                    @RequestParam(defaultValue = "average")
                    String strategy,
            @RequestParam(defaultValue = "" + GroupQuestion.DEFAULT_LIMIT) @Min(1) @Max(GroupQuestion.MAX_LIMIT)
                    int limit,
            @ParameterObject @Valid FilterFields filters) {
        VenueFilter filter = FilterFields.filter(filters);
        return entity(groups.topOfPlan(planId, Wire.read(GroupStrategy.class, "strategy", strategy), filter, limit));
    }

    private ResponseEntity<List<RecommendedGroupVenue>> entity(Answer<RecommendedGroupVenue> answer) {
        return headers.with(200, answer).body(answer.items());
    }
}
