package dev.luna.api.bookings;

import dev.luna.api.web.ProblemException;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.tags.Tag;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Supplier;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.TransactionDefinition;
import org.springframework.transaction.support.TransactionTemplate;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RestController;

@RestController
@Tag(name = "Bookings", description = "What was asked of the provider, and what it said")
class BookingController {

    private final BookingStore store;

    /** In which a booking and its history tell the same. */
    private final TransactionTemplate oneSnapshot;

    BookingController(BookingStore store, PlatformTransactionManager transactionManager) {
        this.store = store;
        oneSnapshot = new TransactionTemplate(transactionManager);
        oneSnapshot.setIsolationLevel(TransactionDefinition.ISOLATION_REPEATABLE_READ);
        oneSnapshot.setReadOnly(true);
    }

    @GetMapping("/bookings/{booking_id}")
    @Operation(operationId = "getBooking", summary = "One booking with its history")
    Booking get(@PathVariable("booking_id") UUID bookingId) {
        return withHistory(() -> store.find(bookingId))
                .orElseThrow(() -> ProblemException.unknown("booking", bookingId));
    }

    @GetMapping("/plans/{plan_id}/booking")
    @Operation(operationId = "getBookingOfPlan", summary = "A plan's live booking, or else its last one")
    Booking ofPlan(@PathVariable("plan_id") UUID planId) {
        return withHistory(() -> store.ofPlan(planId))
                .orElseThrow(() -> store.planExists(planId)
                        ? ProblemException.notFound(
                                "Plan %s was never confirmed, so it has no booking".formatted(planId))
                        : ProblemException.unknown("plan", planId));
    }

    private Optional<Booking> withHistory(Supplier<Optional<Booking>> read) {
        return oneSnapshot.execute(status -> read.get().map(this::withHistory));
    }

    private Booking withHistory(Booking booking) {
        return new Booking(
                booking.id(),
                booking.planId(),
                booking.provider(),
                booking.externalRef(),
                booking.status(),
                booking.partySize(),
                booking.createdAt(),
                store.history(booking.id()));
    }
}
