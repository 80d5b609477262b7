package dev.luna.api.interactions;

import dev.luna.api.idempotency.Idempotency;
import dev.luna.api.idempotency.IdempotencyKey;
import dev.luna.api.web.ConstraintName;
import dev.luna.api.web.InvalidField;
import dev.luna.api.web.ProblemException;
import dev.luna.api.web.Wire;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.Parameter;
import io.swagger.v3.oas.annotations.media.ArraySchema;
import io.swagger.v3.oas.annotations.media.Content;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.responses.ApiResponse;
import io.swagger.v3.oas.annotations.tags.Tag;
import jakarta.validation.Valid;
import java.io.InputStream;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.dao.DataIntegrityViolationException;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestHeader;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;

@RestController
@Tag(name = "Interactions", description = "What people did at places")
class InteractionController {

    private final InteractionStore interactions;
    private final InteractionBatchReader reader;
    private final Idempotency idempotency;

    InteractionController(InteractionStore interactions, InteractionBatchReader reader, Idempotency idempotency) {
        this.interactions = interactions;
        this.reader = reader;
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

    @DeleteMapping("/venues/{venue_id}/interactions")
    @ResponseStatus(HttpStatus.NO_CONTENT)
    @Operation(
            operationId = "deleteInteractions",
            summary = "Take back what a user did at a venue",
            description = "All interactions of the type, however many there are")
    @ApiResponse(responseCode = "204", description = "Deleted")
    @ApiResponse(responseCode = "404", description = "Nothing of the type is recorded of the user there")
    void delete(
            @PathVariable("venue_id") UUID venueId,
            @RequestParam("user_id") UUID userId,
            @Parameter(description = "What is taken back", schema = @Schema(implementation = InteractionType.class))
                    @RequestParam("interaction_type")
                    String interactionType) {
        InteractionType type = Wire.read(InteractionType.class, "interaction_type", interactionType);
        if (!interactions.delete(userId, venueId, type)) {
            throw ProblemException.notFound(
                    "There is no %s of user %s at venue %s".formatted(Wire.name(type), userId, venueId));
        }
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

    @PostMapping(
            path = "/interactions:batch",
            consumes = {MediaType.APPLICATION_JSON_VALUE, MediaType.APPLICATION_NDJSON_VALUE})
    @Operation(
            operationId = "recordInteractions",
            summary = "Record up to 10,000 interactions, all or none",
            requestBody =
                    @io.swagger.v3.oas.annotations.parameters.RequestBody(
                            required = true,
                            description = "A JSON array, or one object a line",
                            content = {
                                @Content(
                                        mediaType = MediaType.APPLICATION_JSON_VALUE,
                                        array =
                                                @ArraySchema(
                                                        schema = @Schema(implementation = BatchedInteraction.class),
                                                        minItems = 1,
                                                        maxItems = InteractionBatchReader.MOST)),
                                @Content(
                                        mediaType = MediaType.APPLICATION_NDJSON_VALUE,
                                        schema = @Schema(implementation = BatchedInteraction.class))
                            }))
    @ApiResponse(responseCode = "201", description = "All are recorded")
    @ApiResponse(
            responseCode = "409",
            description =
                    "The request with this Idempotency-Key is in flight, or a user or venue of the batch was created"
                            + " while it was refused; nothing is recorded")
    @ApiResponse(responseCode = "413", description = "The body is larger than luna.http.max-batch-body-size")
    ResponseEntity<RecordedInteractions> recordAll(
            @Parameter(hidden = true) @RequestHeader("Content-Type") MediaType contentType,
            @IdempotencyKey @RequestHeader(name = IdempotencyKey.NAME, required = false) @Nullable String key,
            InputStream body) {
        boolean isArray = !MediaType.APPLICATION_NDJSON.isCompatibleWith(contentType);
        List<BatchedInteraction> batch = reader.read(body, isArray);
        try {
            return idempotency.inOneTransaction(
                    key,
                    batch,
                    RecordedInteractions.class,
                    () -> ResponseEntity.status(HttpStatus.CREATED)
                            .body(new RecordedInteractions(interactions.insert(batch))));
        } catch (DataIntegrityViolationException e) {
            // A refusal ends the transaction, and is explained after it.
            if (!ConstraintName.of(e).endsWith("_fkey")) {
                throw e;
            }
            List<InvalidField> unknown = interactions.unknown(batch, InvalidField.MOST);
            throw unknown.isEmpty()
                    ? ProblemException.conflict("A user or venue of the batch was created just now; send it again.")
                    : ProblemException.invalidBody(unknown);
        }
    }
}
