package dev.luna.api.interactions;

import dev.luna.api.idempotency.Idempotency;
import dev.luna.api.idempotency.IdempotencyKey;
import dev.luna.api.web.ConstraintName;
import dev.luna.api.web.InvalidField;
import dev.luna.api.web.ProblemException;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.Parameter;
import io.swagger.v3.oas.annotations.media.ArraySchema;
import io.swagger.v3.oas.annotations.media.Content;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.parameters.RequestBody;
import io.swagger.v3.oas.annotations.responses.ApiResponse;
import io.swagger.v3.oas.annotations.tags.Tag;
import java.io.InputStream;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.dao.DataIntegrityViolationException;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestHeader;
import org.springframework.web.bind.annotation.RestController;

@RestController
@Tag(name = "Interactions")
class InteractionBatchController {

    private static final int MOST_ERRORS = 20;

    private final InteractionBatchReader reader;
    private final InteractionBatchStore store;
    private final Idempotency idempotency;

    InteractionBatchController(InteractionBatchReader reader, InteractionBatchStore store, Idempotency idempotency) {
        this.reader = reader;
        this.store = store;
        this.idempotency = idempotency;
    }

    @PostMapping(
            path = "/interactions:batch",
            consumes = {MediaType.APPLICATION_JSON_VALUE, MediaType.APPLICATION_NDJSON_VALUE})
    @Operation(
            operationId = "recordInteractions",
            summary = "Record up to 10,000 interactions, all or none",
            requestBody =
                    @RequestBody(
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
    ResponseEntity<RecordedInteractions> record(
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
                            .body(new RecordedInteractions(store.insert(batch))));
        } catch (DataIntegrityViolationException e) {
            // A refusal ends the transaction, and is explained after it.
            if (!ConstraintName.of(e).endsWith("_fkey")) {
                throw e;
            }
            List<InvalidField> unknown = store.unknown(batch, MOST_ERRORS);
            throw unknown.isEmpty()
                    ? ProblemException.conflict("A user or venue of the batch was created just now; send it again.")
                    : ProblemException.invalidBody(unknown);
        }
    }
}
