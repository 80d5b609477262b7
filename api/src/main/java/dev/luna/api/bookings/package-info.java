/**
 * Bookings at a provider, each asked for once. What a booking's state allows stands in {@link
 * dev.luna.api.bookings.BookingStatus}. The provider is never called inside a database transaction: one transaction
 * decides, the call follows, another transaction records what came of it, and a sweep finishes what a crash left.
 */
@NullMarked
package dev.luna.api.bookings;

import org.jspecify.annotations.NullMarked;
