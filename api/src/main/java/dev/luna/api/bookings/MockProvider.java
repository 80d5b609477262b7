package dev.luna.api.bookings;

import java.time.Duration;

/** Confirms everything at once and remembers nothing: a repeated order gets the same reference. */
final class MockProvider implements BookingProvider {

    static final String NAME = "mock";

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public Outcome book(BookingOrder order) {
        return Outcome.confirmed("mock-" + order.bookingId());
    }

    @Override
    public Outcome cancel(BookingOrder order) {
        return Outcome.cancelled("the provider cancelled it");
    }

    @Override
    public Duration longestCall() {
        return Duration.ZERO;
    }
}
