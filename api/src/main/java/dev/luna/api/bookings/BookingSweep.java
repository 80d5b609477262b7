package dev.luna.api.bookings;

import java.util.List;
import java.util.UUID;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.event.ContextClosedEvent;
import org.springframework.context.event.EventListener;
import org.springframework.scheduling.concurrent.CustomizableThreadFactory;
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

    /**
     * Bookings at once: a provider that is silent for each keeps the next sweep waiting for less than a minute, by the
     * default settings, and one that is back gets fewer calls than requests may make.
     */
    private static final int AT_ONCE = 16;

    private final BookingStore store;
    private final Bookings bookings;
    private final BookingProvider provider;

    /** Of the sweep under way or of the last one; like {@code isStopping} read and written under this object's lock. */
    private @Nullable ExecutorService threads;

    private boolean isStopping;

    BookingSweep(BookingStore store, Bookings bookings, BookingProvider provider) {
        this.store = store;
        this.bookings = bookings;
        this.provider = provider;
    }

    void run() {
        ExecutorService begun = begin(store.due(provider.name(), MOST));
        try {
            begun.awaitTermination(Long.MAX_VALUE, TimeUnit.NANOSECONDS);
        } catch (InterruptedException e) {
            // Nobody waits for the calls under way any more.
            begun.shutdownNow();
            Thread.currentThread().interrupt();
        }
    }

    /** Takes bookings up side by side, in their order; none once this process stops. */
    private synchronized ExecutorService begin(List<UUID> due) {
        ExecutorService begun = Executors.newFixedThreadPool(AT_ONCE, new CustomizableThreadFactory("booking-sweep-"));
        threads = begun;
        try {
            if (!isStopping) {
                due.forEach(bookingId -> begun.execute(() -> takeUp(bookingId)));
            }
        } finally {
            // Also where the system gives no further thread: those that began would wait for bookings for ever.
            begun.shutdown();
        }
        return begun;
    }

    private void takeUp(UUID bookingId) {
        try {
            bookings.takeUp(bookingId);
        } catch (RuntimeException e) {
            // One booking must not keep the others waiting; it is due again when its claim has lapsed.
            log.error("Booking {} could not be worked on", bookingId, e);
        }
    }

    /** Ends the sweep, the calls under way included. Comes before the scheduler is closed, which waits for its jobs. */
    @EventListener(ContextClosedEvent.class)
    synchronized void stop() {
        isStopping = true;
        if (threads != null) {
            threads.shutdownNow();
        }
    }
}
