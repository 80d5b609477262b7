package dev.luna.api.bookings;

import java.time.OffsetDateTime;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * The right to work on a booking; nobody else does meanwhile.
 *
 * @param until when it lapses, by the database's clock. It tells the claim from a later one: who lost his changes nothing of
 *     that.
 */
public record BookingClaim(UUID bookingId, OffsetDateTime until) {

    /** Whether nobody has taken over a booking that is claimed until then. */
    boolean isStill(@Nullable OffsetDateTime claimedUntil) {
        return until.equals(claimedUntil);
    }
}
