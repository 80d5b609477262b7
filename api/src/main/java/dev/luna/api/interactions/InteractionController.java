package dev.luna.api.interactions;

import dev.luna.api.web.ConstraintName;
import dev.luna.api.web.ProblemException;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.responses.ApiResponse;
import io.swagger.v3.oas.annotations.tags.Tag;
import jakarta.validation.Valid;
import java.util.UUID;
import org.springframework.dao.DataIntegrityViolationException;
import org.springframework.http.HttpStatus;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;

@RestController
@Tag(name = "Interactions", description = "What people did at places")
class InteractionController {

    private final InteractionStore interactions;

    InteractionController(InteractionStore interactions) {
        this.interactions = interactions;
    }

    @PostMapping("/venues/{venue_id}/interactions")
    @ResponseStatus(HttpStatus.CREATED)
    @Operation(operationId = "recordInteraction", summary = "Record a view, an interest or a like of a user at a venue")
    @ApiResponse(responseCode = "201", description = "Recorded")
    Interaction record(@PathVariable("venue_id") UUID venueId, @Valid @RequestBody InteractionFields fields) {
        try {
            return interactions.insert(fields.userId(), venueId, fields.interactionType(), fields.dwellSeconds());
        } catch (DataIntegrityViolationException e) {
            throw switch (ConstraintName.of(e)) {
                case "user_venue_interactions_user_id_fkey" ->
                    ProblemException.notFound("No user has the id " + fields.userId());
                case "user_venue_interactions_venue_id_fkey" ->
                    ProblemException.notFound("No venue has the id " + venueId);
                default -> e;
            };
        }
    }
}
