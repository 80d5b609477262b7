package dev.luna.api.bookings;

import io.swagger.v3.oas.annotations.media.Schema;
import java.time.Instant;

/** One step of a booking's history. */
record BookingChange(
        BookingStatus status,

        @Schema(example = "the provider confirmed it") String reason,

        Instant changedAt) {}
