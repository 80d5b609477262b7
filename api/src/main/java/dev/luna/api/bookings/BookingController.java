package dev.luna.api.bookings;

import dev.luna.api.web.ProblemException;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.tags.Tag;
import java.util.UUID;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RestController;

@RestController
@Tag(name = "Bookings", description = "What was asked of the provider, and what it said")
class BookingController {

    private final BookingStore store;

    BookingController(BookingStore store) {
        this.store = store;
    }

    @GetMapping("/bookings/{booking_id}")
    @Operation(operationId = "getBooking", summary = "One booking with its history")
    Booking get(@PathVariable("booking_id") UUID bookingId) {
        return store.find(bookingId).orElseThrow(() -> ProblemException.unknown("booking", bookingId));
    }

    @GetMapping("/plans/{plan_id}/booking")
    @Operation(operationId = "getBookingOfPlan", summary = "A plan's live booking, or else its last one")
    Booking ofPlan(@PathVariable("plan_id") UUID planId) {
        return store.ofPlan(planId)
                .orElseThrow(() -> store.planExists(planId)
                        ? ProblemException.notFound(
                                "Plan %s was never confirmed, so it has no booking".formatted(planId))
                        : ProblemException.unknown("plan", planId));
    }
}
