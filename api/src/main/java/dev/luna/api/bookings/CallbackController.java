package dev.luna.api.bookings;

import dev.luna.api.web.InvalidField;
import dev.luna.api.web.ProblemException;
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
    @ApiResponse(responseCode = "401", description = "The signature is wrong, or older than five minutes")
    @ApiResponse(responseCode = "404", description = "No booking has that id, or no provider calls back here")
    @ApiResponse(responseCode = "409", description = "The booking has ended otherwise; release what you hold")
    void callback(
            @Parameter(description = "Unix seconds", example = "1893456000")
                    @RequestHeader(name = Signature.TIME_HEADER, defaultValue = "")
                    String timestamp,
            @Parameter(description = "v1= and 64 hexadecimal digits")
                    @RequestHeader(name = Signature.SIGNATURE_HEADER, defaultValue = "")
                    String sent,
            @RequestBody byte[] body) {
        Signature expected = signature.orElseThrow(
                () -> ProblemException.notFound("No provider calls back here; luna.booking.provider is not http."));
        if (!expected.accepts(timestamp, sent, body, clock.instant())) {
            throw ProblemException.unauthorized(
                    "%s must be v1= and the HMAC-SHA256 of %s, a dot and the body, not older than %d minutes."
                            .formatted(
                                    Signature.SIGNATURE_HEADER,
                                    Signature.TIME_HEADER,
                                    Signature.TOLERANCE.toMinutes()));
        }
        JsonNode json = mapper.readTree(body);
        UUID bookingId = bookingId(json);
        Outcome outcome = ProviderAnswer.of(json)
                .flatMap(ProviderAnswer::outcome)
                .orElseThrow(() -> ProblemException.invalidBody(List.of(new InvalidField(
                        "status", "must be confirmed, with an external_ref, or declined", json.path("status")))));
        record(bookingId, outcome);
    }

    private void record(UUID bookingId, Outcome outcome) {
        if (store.planOf(bookingId).isEmpty()) {
            throw unknown(bookingId);
        }
        if (bookings.record(bookingId, outcome)) {
            // It was to be cancelled, and now there is something to cancel.
            bookings.settle(bookingId);
        }
        BookingSummary booking = bookings.find(bookingId).orElseThrow(() -> unknown(bookingId));
        boolean agrees =
                switch (booking.status()) {
                    case CONFIRMED ->
                        outcome.kind() == Outcome.Kind.CONFIRMED
                                && String.valueOf(outcome.externalRef()).equals(booking.externalRef());
                    case DECLINED, FAILED -> outcome.kind() == Outcome.Kind.DECLINED;
                    case REQUESTED, CANCEL_REQUESTED -> true;
                    case CANCELLED ->
                        outcome.kind() == Outcome.Kind.DECLINED
                                || String.valueOf(outcome.externalRef()).equals(booking.externalRef());
                };
        if (!agrees) {
            throw ProblemException.conflict("Booking %s is %s as %s; %s comes too late. Release what you hold besides."
                    .formatted(
                            bookingId, Wire.name(booking.status()), booking.externalRef(), Wire.name(outcome.kind())));
        }
    }

    private static ProblemException unknown(UUID bookingId) {
        return ProblemException.notFound("No booking has the id " + bookingId);
    }

    private static UUID bookingId(JsonNode json) {
        String text = json.path("booking_id").asString("");
        try {
            return UUID.fromString(text);
        } catch (IllegalArgumentException e) {
            throw ProblemException.invalidBody(List.of(new InvalidField("booking_id", "must be a booking's id", text)));
        }
    }
}
