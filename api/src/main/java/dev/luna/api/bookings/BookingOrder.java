package dev.luna.api.bookings;

import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * What a provider is asked for, as it stood when the booking was requested: the same booking is always the same order,
 * however often it is sent and whatever has been renamed meanwhile.
 */
record BookingOrder(
        UUID bookingId,
        UUID planId,
        UUID venueId,
        String venueName,
        double venueLat,
        double venueLng,
        Instant startTime,
        int partySize,
        String organizerName,
        BookingStatus status,
        @Nullable String externalRef) {}
