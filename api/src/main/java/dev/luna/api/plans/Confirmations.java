package dev.luna.api.plans;

import dev.luna.api.bookings.BookingClaim;
import dev.luna.api.bookings.BookingSummary;
import dev.luna.api.bookings.Bookings;
import dev.luna.api.web.ProblemException;
import dev.luna.api.web.WriteTransactions;
import java.time.Clock;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.stereotype.Service;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * Confirms and cancels plans: one transaction decides under the plan's lock, then the provider is called without any.
 * Whoever confirms a plan that is being booked waits for that booking's outcome and gets the same answer;
 * when too many wait already, it is that the booking is requested.
 */
@Service
class Confirmations {

    private final PlanStore store;
    private final Bookings bookings;
    private final Clock clock;
    private final TransactionTemplate transaction;

    Confirmations(
            PlanStore store,
            Bookings bookings,
            Clock clock,
            @Qualifier(WriteTransactions.NAME) PlatformTransactionManager transactionManager) {
        this.store = store;
        this.bookings = bookings;
        this.clock = clock;
        this.transaction = new TransactionTemplate(transactionManager);
    }

    /** The longest that a confirmation takes. */
    Duration longest() {
        return bookings.longestWait();
    }

    /** {@code claim} is null when the booking is somebody else's. */
    private record Decision(UUID bookingId, @Nullable BookingClaim claim) {}

    /**
     * Books a plan, or finds the booking that it has.
     *
     * @throws ProblemException 404 when there is no such plan, or none any more, 409 when the plan's state does not allow
     *     it, the provider declines or the booking is given up, 502 when the provider refuses the request itself
     */
    Confirmation confirm(UUID planId) {
        Decision decision = transaction.execute(status -> decide(planId));
        if (decision.claim() != null) {
            bookings.carryOut(decision.claim());
        } else {
            bookings.awaitOutcome(decision.bookingId());
        }
        BookingSummary booking =
                bookings.find(decision.bookingId()).orElseThrow(() -> ProblemException.unknown("plan", planId));
        return switch (booking.status()) {
            case CONFIRMED -> new Confirmation(planId, PlanStatus.CONFIRMED, booking);
            case REQUESTED -> new Confirmation(planId, PlanStatus.PENDING, booking);
            case DECLINED ->
                throw ProblemException.conflict(
                        "The provider declined booking %s: %s. Plan %s is still pending and can be changed or confirmed again."
                                .formatted(booking.id(), lastReason(planId, booking), planId),
                        Map.of("booking", booking));
            case FAILED ->
                throw ProblemException.badGateway(
                        "The provider did not take booking %s: %s. Plan %s is still pending; confirm it again when the provider's settings are right."
                                .formatted(booking.id(), lastReason(planId, booking), planId));
            case CANCEL_REQUESTED, CANCELLED -> throw withoutBooking(planId, booking);
        };
    }

    /** Somebody cancelled the plan, or its booking had no answer for too long. */
    private ProblemException withoutBooking(UUID planId, BookingSummary booking) {
        Plan plan = store.find(planId).orElseThrow(() -> ProblemException.unknown("plan", planId));
        String reason = lastReason(planId, booking);
        String condition = !plan.startTime().isAfter(clock.instant())
                ? "the booking is cancelled and start_time is changed"
                : "the booking is cancelled";
        return ProblemException.conflict(
                plan.status() == PlanStatus.CANCELLED
                        ? "Plan %s was called off while it was being confirmed: %s.".formatted(planId, reason)
                        : "Booking %s was given up: %s. Plan %s is still pending and can be confirmed again once %s."
                                .formatted(booking.id(), reason, planId, condition),
                Map.of("booking", booking));
    }

    private String lastReason(UUID planId, BookingSummary booking) {
        return bookings.lastReason(booking.id()).orElseThrow(() -> ProblemException.unknown("plan", planId));
    }

    private Decision decide(UUID planId) {
        LockedPlan plan = store.lock(planId);
        plan.require(PlanStep.CONFIRM);
        if (plan.state() != PlanState.PENDING) {
            return new Decision(bookings.ofPlan(planId).orElseThrow().id(), null);
        }
        BookingClaim claim = bookings.request(planId, store.partySize(planId));
        return new Decision(claim.bookingId(), claim);
    }

    /** Cancels a plan and its booking; the provider is told at once, and by the sweep if it does not answer. */
    void cancel(UUID planId) {
        Optional<UUID> booking = transaction.execute(status -> {
            store.lock(planId).require(PlanStep.CANCEL);
            store.setStatus(planId, PlanStatus.CANCELLED);
            return bookings.requestCancellation(planId);
        });
        booking.ifPresent(bookings::settle);
    }

    /** Removes a cancelled plan with its participants and its ended bookings. */
    void delete(UUID planId) {
        transaction.executeWithoutResult(status -> {
            store.lock(planId).require(PlanStep.DELETE);
            bookings.forget(planId);
            store.delete(planId);
        });
    }
}
