package dev.luna.api.plans;

import dev.luna.api.bookings.BookingStatus;
import dev.luna.api.idempotency.Idempotency;
import dev.luna.api.idempotency.IdempotencyKey;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.headers.Header;
import io.swagger.v3.oas.annotations.media.Content;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.responses.ApiResponse;
import io.swagger.v3.oas.annotations.tags.Tag;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestHeader;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.servlet.support.ServletUriComponentsBuilder;

@RestController
@Tag(name = "Plans")
class ConfirmationController {

    private final Confirmations confirmations;
    private final Plans plans;
    private final Idempotency idempotency;

    ConfirmationController(Confirmations confirmations, Plans plans, Idempotency idempotency) {
        this.confirmations = confirmations;
        this.plans = plans;
        this.idempotency = idempotency;
    }

    @PostMapping("/plans/{plan_id}/confirm")
    @Operation(
            operationId = "confirmPlan",
            summary = "Book a pending plan, once",
            description =
                    "Repeating the call, or calling it many times at once, makes one booking, and tells what has come of it"
                            + " by then. After a 409 because the provider declined, or a 502, it books anew.")
    @ApiResponse(responseCode = "200", description = "Booked")
    @ApiResponse(
            responseCode = "202",
            description =
                    "The provider has not answered yet, or too many requests wait for it. Luna goes on asking; Location"
                            + " names the booking to look at.",
            headers = @Header(name = "Retry-After", description = "seconds", schema = @Schema(type = "integer")),
            content = @Content(schema = @Schema(implementation = Confirmation.class)))
    @ApiResponse(
            responseCode = "409",
            description =
                    "The plan's state does not allow it, the provider declined, the plan was cancelled or its booking given"
                            + " up meanwhile, or the key is in flight")
    @ApiResponse(responseCode = "502", description = "The provider refused the request itself; nothing is booked")
    ResponseEntity<Confirmation> confirm(
            @PathVariable("plan_id") UUID planId,
            @IdempotencyKey @RequestHeader(name = IdempotencyKey.NAME, required = false) @Nullable String key) {
        return idempotency.acrossTransactions(key, "", Confirmation.class, confirmations.longest(), () -> {
            Confirmation confirmation = confirmations.confirm(planId);
            if (confirmation.booking().status() == BookingStatus.CONFIRMED) {
                return ResponseEntity.ok(confirmation);
            }
            return ResponseEntity.status(HttpStatus.ACCEPTED)
                    .location(ServletUriComponentsBuilder.fromCurrentContextPath()
                            .path("/bookings/{id}")
                            .build(confirmation.booking().id()))
                    .header("Retry-After", "10")
                    .body(confirmation);
        });
    }

    @PostMapping("/plans/{plan_id}/cancel")
    @Operation(
            operationId = "cancelPlan",
            summary = "Cancel a plan, and its booking at the provider",
            description = "A provider that does not answer, or that too many requests wait for, is told until it does.")
    @ApiResponse(responseCode = "200", description = "The plan, cancelled")
    Plan cancel(@PathVariable("plan_id") UUID planId) {
        confirmations.cancel(planId);
        return plans.read(planId);
    }

    @DeleteMapping("/plans/{plan_id}")
    @ResponseStatus(HttpStatus.NO_CONTENT)
    @Operation(
            operationId = "deletePlan",
            summary = "Delete a cancelled plan",
            description = "Its participants and ended bookings go too.")
    @ApiResponse(responseCode = "204", description = "Deleted")
    @ApiResponse(
            responseCode = "409",
            description = "The plan is not cancelled, or the provider has not acknowledged it")
    void delete(@PathVariable("plan_id") UUID planId) {
        confirmations.delete(planId);
    }
}
