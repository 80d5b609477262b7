package dev.luna.api.bookings;

import java.time.Duration;

/**
 * Somebody who takes bookings. Both calls may be repeated with the same order: the provider tells a repetition by the
 * booking's id and answers it as it did the first time. Calls return rather than throw, and are never made inside a
 * database transaction. A call that is interrupted returns at once, with what is unknown and its thread still interrupted:
 * the server stops.
 */
interface BookingProvider {

    /** As stored with each booking. */
    String name();

    /** Asks for the booking: confirmed, declined, unknown, or failed if none of the call's requests can have booked. */
    Outcome book(BookingOrder order);

    /** Gives a confirmed booking back, named by its {@code externalRef}: cancelled or unknown. */
    Outcome cancel(BookingOrder order);

    /**
     * The longest that one call takes, its repetitions included. Requests wait for it, and claims last longer; zero says that
     * nobody waits, so that any number may call at once.
     */
    Duration longestCall();
}
