package dev.luna.api.bookings;

import java.util.UUID;
import org.springframework.stereotype.Component;

/** Finishes bookings whose process died or whose provider gave no answer. */
@Component
class BookingSweep {

    /** Of one sweep; the next one takes the rest. */
    private static final int MOST = 100;

    private final BookingStore store;
    private final Bookings bookings;
    private final BookingProvider provider;

    BookingSweep(BookingStore store, Bookings bookings, BookingProvider provider) {
        this.store = store;
        this.bookings = bookings;
        this.provider = provider;
    }

    void run() {
        for (UUID bookingId : store.due(provider.name(), MOST)) {
            bookings.settle(bookingId);
        }
    }
}
