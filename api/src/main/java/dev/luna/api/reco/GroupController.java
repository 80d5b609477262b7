package dev.luna.api.reco;

import dev.luna.api.web.InvalidField;
import dev.luna.api.web.ProblemException;
import dev.luna.api.web.Wire;
import dev.luna.batch.scoring.GroupStrategy;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.Parameter;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.responses.ApiResponse;
import io.swagger.v3.oas.annotations.tags.Tag;
import jakarta.validation.Valid;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import java.util.Arrays;
import java.util.List;
import java.util.UUID;
import org.springframework.http.CacheControl;
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

    GroupController(GroupRecommendations groups) {
        this.groups = groups;
    }

    @PostMapping("/reco/group")
    @Operation(
            operationId = "recommendGroupVenues",
            summary = "The best venues for 2 to 50 people together, best first",
            description =
                    "The exact top by the group's score, with each member's own. A member without a home or without"
                            + " interactions counts with a nearness or a preference of 0.")
    @LiveAnswer
    ResponseEntity<List<RecommendedGroupVenue>> group(@Valid @RequestBody GroupQuestion question) {
        return entity(groups.top(question.members(), question.strategyOrDefault(), question.limitOrDefault()));
    }

    @GetMapping("/plans/{plan_id}/reco")
    @Operation(
            operationId = "recommendPlanVenues",
            summary = "The best venues for those who take part in a plan, best first",
            description = "For the organizer and all participants who have not declined, as POST /reco/group.")
    @LiveAnswer
    @ApiResponse(responseCode = "409", description = "More people take part than can be ranked together")
    ResponseEntity<List<RecommendedGroupVenue>> plan(
            @Parameter(description = "A plan's id") @PathVariable("plan_id") UUID planId,
            @Parameter(description = "How the members' scores become the group's")
                    @Schema(allowableValues = {"average", "least_misery", "fairness"})
                    @RequestParam(defaultValue = "average")
                    String strategy,
            @RequestParam(defaultValue = "" + GroupQuestion.DEFAULT_LIMIT) @Min(1) @Max(GroupQuestion.MAX_LIMIT)
                    int limit) {
        return entity(groups.topOfPlan(planId, strategy(strategy), limit));
    }

    private static ResponseEntity<List<RecommendedGroupVenue>> entity(GroupAnswer answer) {
        return ResponseEntity.ok()
                .header("Luna-Run", answer.runId() == null ? "none" : Long.toString(answer.runId()))
                .header("Luna-Snapshot", answer.snapshotAt().toString())
                .header("Luna-Source", "live")
                .cacheControl(CacheControl.noStore())
                .body(answer.venues());
    }

    private static GroupStrategy strategy(String name) {
        return Arrays.stream(GroupStrategy.values())
                .filter(strategy -> Wire.name(strategy).equals(name))
                .findFirst()
                .orElseThrow(() -> ProblemException.invalidParameter(
                        new InvalidField("strategy", "must be one of average, least_misery, fairness", name)));
    }
}
