package dev.luna.api.bookings;

import dev.luna.api.web.InvalidField;
import dev.luna.api.web.ProblemException;
import dev.luna.api.web.TextRules;
import dev.luna.api.web.Wire;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.Parameter;
import io.swagger.v3.oas.annotations.media.Content;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.responses.ApiResponse;
import io.swagger.v3.oas.annotations.tags.Tag;
import java.time.Clock;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestHeader;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

@RestController
@Tag(name = "Bookings")
class CallbackController {

    private final Bookings bookings;
    private final BookingStore store;
    private final Optional<Signature> signature;
    private final JsonMapper mapper;
    private final Clock clock;

    CallbackController(
            Bookings bookings, BookingStore store, BookingProperties properties, JsonMapper mapper, Clock clock) {
        this.bookings = bookings;
        this.store = store;
        this.signature = properties.provider() == BookingProperties.Provider.HTTP
                ? Optional.of(new Signature(properties.http().secret()))
                : Optional.empty();
        this.mapper = mapper;
        this.clock = clock;
    }

    @PostMapping(path = "/bookings/callback", consumes = MediaType.APPLICATION_JSON_VALUE)
    @ResponseStatus(HttpStatus.NO_CONTENT)
    @Operation(
            operationId = "bookingCallback",
            summary = "For the provider: confirm or decline a booking later",
            description = "Signed like Luna's own requests: Luna-Signature is v1= and HMAC-SHA256, in hexadecimal, over"
                    + " Luna-Timestamp, a dot and the body. May be repeated.",
            requestBody =
                    @io.swagger.v3.oas.annotations.parameters.RequestBody(
                            content = @Content(schema = @Schema(implementation = CallbackFields.class))))
    @ApiResponse(responseCode = "204", description = "Recorded, now or before")
    @ApiResponse(responseCode = "401", description = "The signature is wrong, or not of within five minutes of now")
    @ApiResponse(responseCode = "404", description = "No booking has that id, or no provider calls back here")
    @ApiResponse(
            responseCode = "409",
            description =
                    "The booking has ended otherwise, so release what you hold; or it is being cancelled, which only an"
                            + " answer to that ends")
    void callback(
            @Parameter(description = "Unix seconds", required = true)
                    @RequestHeader(name = Signature.TIME_HEADER, required = false)
                    @Nullable
                    String timestamp,
            @Parameter(description = "v1= and 64 hexadecimal digits", required = true)
                    @RequestHeader(name = Signature.SIGNATURE_HEADER, required = false)
                    @Nullable
                    String sent,
            @RequestBody byte[] body) {
        Signature expected = signature.orElseThrow(
                () -> ProblemException.notFound("No provider calls back here; luna.booking.provider is not http."));
        if (timestamp == null || sent == null || !expected.accepts(timestamp, sent, body, clock.instant())) {
            throw ProblemException.unauthorized(
                    Signature.SIGNATURE_HEADER,
                    "%s must be v1= and the HMAC-SHA256 of %s, a dot and the body, within %d minutes of now."
                            .formatted(
                                    Signature.SIGNATURE_HEADER,
                                    Signature.TIME_HEADER,
                                    Signature.TOLERANCE.toMinutes()));
        }
        JsonNode json = mapper.readTree(body);
        UUID bookingId = bookingId(json);
        Outcome outcome = ProviderAnswer.of(json)
                .flatMap(ProviderAnswer::outcome)
                .orElseThrow(() ->
                        ProviderAnswer.CONFIRMED.equals(json.path("status").asString(""))
                                ? invalid(
                                        json,
                                        "external_ref",
                                        "must be " + ProviderAnswer.REFERENCE_RULE + ", when status is confirmed")
                                : invalid(json, "status", "must be confirmed or declined"));
        record(bookingId, outcome);
    }

    private void record(UUID bookingId, Outcome outcome) {
        if (store.planOf(bookingId).isEmpty()) {
            throw ProblemException.unknown("booking", bookingId);
        }
        if (bookings.record(bookingId, outcome) && outcome.kind() == Outcome.Kind.CONFIRMED) {
            // It was to be cancelled, and now there is something to cancel. After a refusal it is due as before: a
            // provider that answers each call with one would be called without a pause.
            bookings.settle(bookingId);
        }
        BookingSummary booking =
                bookings.find(bookingId).orElseThrow(() -> ProblemException.unknown("booking", bookingId));
        boolean agrees =
                switch (booking.status()) {
                    case CONFIRMED, CANCEL_REQUESTED ->
                        outcome.kind() == Outcome.Kind.CONFIRMED
                                && String.valueOf(outcome.externalRef()).equals(booking.externalRef());
                    case DECLINED, FAILED -> outcome.kind() == Outcome.Kind.DECLINED;
                    case REQUESTED ->
                        throw new IllegalStateException("booking %s is requested although %s was recorded"
                                .formatted(bookingId, Wire.name(outcome.kind())));
                    case CANCELLED ->
                        outcome.kind() == Outcome.Kind.DECLINED
                                || String.valueOf(outcome.externalRef()).equals(booking.externalRef());
                };
        if (!agrees) {
            boolean isHeld =
                    booking.status() == BookingStatus.CANCEL_REQUESTED && outcome.kind() == Outcome.Kind.DECLINED;
            throw ProblemException.conflict("Booking %s is %s; %s %s."
                    .formatted(
                            bookingId,
                            booking.status().as(booking.externalRef()),
                            Wire.name(outcome.kind()),
                            isHeld
                                    ? "does not end it, only an answer to its cancellation does"
                                    : "comes too late. Release what you hold besides"));
        }
    }

    private static UUID bookingId(JsonNode json) {
        String id = json.path("booking_id").asString("");
        if (!TextRules.isUuid(id)) {
            throw invalid(json, "booking_id", "must be a booking's id");
        }
        return UUID.fromString(id);
    }

    private static ProblemException invalid(JsonNode json, String field, String expected) {
        JsonNode value = json.get(field);
        return ProblemException.invalidBody(List.of(
                new InvalidField(field, expected, value != null && value.isString() ? value.asString() : value)));
    }
}
