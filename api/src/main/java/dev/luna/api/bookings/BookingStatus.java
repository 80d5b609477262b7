package dev.luna.api.bookings;

import dev.luna.api.web.Wire;
import java.util.EnumSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The state machine of bookings. A plan has one live booking at most; an ended one stays as it is. */
public enum BookingStatus {
    /** Decided here; what the provider says is not known yet. */
    REQUESTED,
    /** The provider holds it. */
    CONFIRMED,
    /** To be cancelled; until the provider has acknowledged it, it may hold the booking. */
    CANCEL_REQUESTED,
    /** The provider does not want to. */
    DECLINED,
    /** The provider did not understand the request, or not take it from us. */
    FAILED,
    /** The provider does not hold it any more, or was never asked for it. */
    CANCELLED;

    /** Where it may go from here. */
    public Set<BookingStatus> next() {
        return switch (this) {
            case REQUESTED -> EnumSet.of(CONFIRMED, DECLINED, FAILED, CANCEL_REQUESTED, CANCELLED);
            case CONFIRMED -> EnumSet.of(CANCEL_REQUESTED);
            case CANCEL_REQUESTED -> EnumSet.of(CANCELLED);
            case DECLINED, FAILED, CANCELLED -> EnumSet.noneOf(BookingStatus.class);
        };
    }

    /** In words, with the provider's own name of the booking where it has one: {@code confirmed as R-7}. */
    String as(@Nullable String externalRef) {
        return externalRef == null ? Wire.name(this) : Wire.name(this) + " as " + externalRef;
    }

    /** Whether the provider may hold the booking; such a plan gets no other. */
    public boolean isLive() {
        return !next().isEmpty();
    }
}
