package dev.luna.api.bookings;

import io.swagger.v3.oas.annotations.media.Schema;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** A booking as stored, with how it came to its state, oldest change first. */
record Booking(
        UUID id,
        UUID planId,

        @Schema(example = "mock") String provider,

        @Schema(example = "mock-5b0f4b0e-7a36-4f6c-8d5b-2f5a3a1b9c11") @Nullable
        String externalRef,

        BookingStatus status,

        @Schema(example = "3", description = "people who had not declined when it was requested")
        int partySize,

        Instant createdAt,
        List<BookingChange> history) {}
