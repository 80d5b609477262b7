package dev.luna.api.reco;

import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.responses.ApiResponse;
import io.swagger.v3.oas.annotations.tags.Tag;
import jakarta.validation.Valid;
import java.util.List;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RestController;

@RestController
@Tag(name = "Recommendations")
class BatchController {

    private final BatchRecommendations recommendations;

    private final RankingHeaders headers;

    BatchController(BatchRecommendations recommendations, RankingHeaders headers) {
        this.recommendations = recommendations;
        this.headers = headers;
    }

    @PostMapping("/reco/venues:batch")
    @Operation(
            operationId = "recommendVenuesOfMany",
            summary =
                    "The best venues of up to " + BatchQuestion.MOST_USERS + " users, each as a single read gives them",
            description = "In the order of the question. A user who does not exist has no source and no venues.")
    @ApiResponse(responseCode = "200", description = "Everyone's exact top; Luna-Source is live if that of anybody is")
    ResponseEntity<List<BatchEntry>> batch(@Valid @RequestBody BatchQuestion question) {
        Answer<BatchEntry> answer = recommendations.top(
                question.userIds(), FilterFields.filter(question.filters()), question.limitOrDefault());
        return headers.with(200, answer).body(answer.items());
    }
}
