package dev.luna.api.bookings;

import io.swagger.v3.oas.annotations.media.Schema;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** What the answer to a confirmation says of the booking. */
public record BookingSummary(
        UUID id,

        @Schema(example = "mock") String provider,

        @Schema(example = "mock-5b0f4b0e-7a36-4f6c-8d5b-2f5a3a1b9c11") @Nullable
        String externalRef,

        BookingStatus status) {}
