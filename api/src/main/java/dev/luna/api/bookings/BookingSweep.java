package dev.luna.api.bookings;

import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.event.ContextClosedEvent;
import org.springframework.context.event.EventListener;
import org.springframework.stereotype.Component;

/**
 * Finishes bookings whose process died or whose provider gave no answer. A process that stops does not wait for a
 * provider: whatever was not finished is due again elsewhere.
 */
@Component
class BookingSweep {

    private static final Logger log = LoggerFactory.getLogger(BookingSweep.class);

    /** Of one sweep; the next one takes the rest. */
    private static final int MOST = 100;

    private final BookingStore store;
    private final Bookings bookings;
    private final BookingProvider provider;

    /** Who sweeps now; like {@code isStopping} read and written under this object's lock. */
    private @Nullable Thread sweeper;

    private boolean isStopping;

    BookingSweep(BookingStore store, Bookings bookings, BookingProvider provider) {
        this.store = store;
        this.bookings = bookings;
        this.provider = provider;
    }

    void run() {
        sweeping(Thread.currentThread());
        try {
            for (UUID bookingId : store.due(provider.name(), MOST)) {
                if (isStopping()) {
                    return;
                }
                try {
                    bookings.takeUp(bookingId);
                } catch (RuntimeException e) {
                    // One booking must not keep the others waiting; it is due again when its claim has lapsed.
                    log.error("Booking {} could not be worked on", bookingId, e);
                }
            }
        } finally {
            sweeping(null);
        }
    }

    /** Ends the sweep, the call under way included. Comes before the scheduler is closed, which waits for its jobs. */
    @EventListener(ContextClosedEvent.class)
    synchronized void stop() {
        isStopping = true;
        if (sweeper != null) {
            sweeper.interrupt();
        }
    }

    private synchronized boolean isStopping() {
        return isStopping;
    }

    private synchronized void sweeping(@Nullable Thread thread) {
        sweeper = thread;
        if (thread == null) {
            // The thread is the scheduler's, and what was interrupted was the sweep.
            Thread.interrupted();
        }
    }
}
