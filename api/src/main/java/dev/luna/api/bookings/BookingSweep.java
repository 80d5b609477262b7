package dev.luna.api.bookings;

import java.util.UUID;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.stereotype.Component;

/** Finishes bookings whose process died or whose provider gave no answer. */
@Component
class BookingSweep {

    private static final Logger log = LoggerFactory.getLogger(BookingSweep.class);

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
            try {
                bookings.settle(bookingId);
            } catch (RuntimeException e) {
                // One booking must not keep the others waiting; it is due again when its claim has lapsed.
                log.error("Booking {} could not be worked on", bookingId, e);
            }
        }
    }
}
