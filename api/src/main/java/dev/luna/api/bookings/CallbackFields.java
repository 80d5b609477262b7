package dev.luna.api.bookings;

import io.swagger.v3.oas.annotations.media.Schema;
import jakarta.validation.constraints.NotNull;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** A callback's body, for the documentation; it is read from the bytes that were signed. */
record CallbackFields(
        @Schema(example = "6f8b3c52-0d5e-4c8e-9a39-0a4f2f7f1f10") @NotNull
        UUID bookingId,

        @Schema(
                example = "confirmed",
                allowableValues = {"confirmed", "declined"})
        @NotNull
        String status,

        @Schema(example = "R-2041", description = "the provider's own name of the booking, when it is confirmed")
        @Nullable
        String externalRef,

        @Schema(example = "fully booked", description = "when it is declined") @Nullable
        String reason) {}
