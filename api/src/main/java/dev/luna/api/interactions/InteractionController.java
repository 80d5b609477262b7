package dev.luna.api.interactions;

import dev.luna.api.idempotency.Idempotency;
import dev.luna.api.idempotency.IdempotencyKey;
import dev.luna.api.web.ConstraintName;
import dev.luna.api.web.ProblemException;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.responses.ApiResponse;
import io.swagger.v3.oas.annotations.tags.Tag;
import jakarta.validation.Valid;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.dao.DataIntegrityViolationException;
import org.springframework.http.HttpStatus;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestHeader;
import org.springframework.web.bind.annotation.RestController;

@RestController
@Tag(name = "Interactions", description = "What people did at places")
class InteractionController {

    private final InteractionStore interactions;
    private final Idempotency idempotency;

    InteractionController(InteractionStore interactions, Idempotency idempotency) {
        this.interactions = interactions;
        this.idempotency = idempotency;
    }

    @PostMapping("/venues/{venue_id}/interactions")
    @Operation(operationId = "recordInteraction", summary = "Record a view, an interest or a like of a user at a venue")
    @ApiResponse(responseCode = "201", description = "Recorded")
    @ApiResponse(responseCode = "409", description = "The request with this Idempotency-Key is in flight")
    ResponseEntity<Interaction> record(
            @PathVariable("venue_id") UUID venueId,
            @IdempotencyKey @RequestHeader(name = IdempotencyKey.NAME, required = false) @Nullable String key,
            @Valid @RequestBody InteractionFields fields) {
        return idempotency.inOneTransaction(
                key,
                fields,
                Interaction.class,
                () -> ResponseEntity.status(HttpStatus.CREATED).body(insert(venueId, fields)));
    }

    private Interaction insert(UUID venueId, InteractionFields fields) {
        try {
            return interactions.insert(fields.userId(), venueId, fields.interactionType(), fields.dwellSeconds());
        } catch (DataIntegrityViolationException e) {
            throw switch (ConstraintName.of(e)) {
                case "user_venue_interactions_user_id_fkey" -> ProblemException.unknown("user", fields.userId());
                case "user_venue_interactions_venue_id_fkey" -> ProblemException.unknown("venue", venueId);
                default -> e;
            };
        }
    }
}
