package dev.luna.api.plans;

import static dev.luna.api.plans.PlanStep.ACCEPT;
import static dev.luna.api.plans.PlanStep.CANCEL;
import static dev.luna.api.plans.PlanStep.CHANGE;
import static dev.luna.api.plans.PlanStep.CONFIRM;
import static dev.luna.api.plans.PlanStep.DECLINE;
import static dev.luna.api.plans.PlanStep.DELETE;
import static dev.luna.api.plans.PlanStep.INVITE;
import static dev.luna.api.plans.PlanStep.LEAVE;

import dev.luna.api.bookings.BookingStatus;
import java.util.EnumSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The state machine of plans: a plan's status together with its live booking, and the steps each state allows. Confirming
 * a plan that is being booked or is booked, and cancelling a cancelled one, are allowed because a client may repeat a
 * request whose answer it lost; they change nothing.
 */
enum PlanState {
    /** Nothing is booked, everything can change. */
    PENDING("pending", CHANGE, INVITE, ACCEPT, DECLINE, LEAVE, CONFIRM, CANCEL),

    /** The provider was asked and has not answered for good; what it was asked for must not change. */
    BOOKING("pending, being booked", ACCEPT, DECLINE, LEAVE, CONFIRM, CANCEL),

    /** A booking that never got an answer is being taken back at the provider. */
    WITHDRAWING("pending, with an unanswered booking being taken back", ACCEPT, DECLINE, LEAVE, CANCEL),

    CONFIRMED("confirmed", ACCEPT, DECLINE, LEAVE, CONFIRM, CANCEL),

    /** Cancelled, but the provider has not yet acknowledged that. */
    CANCELLING("cancelled, with the booking being cancelled at the provider", CANCEL),

    CANCELLED("cancelled", CANCEL, DELETE);

    private final String description;
    private final Set<PlanStep> allowed;

    PlanState(String description, PlanStep... allowed) {
        this.description = description;
        this.allowed = EnumSet.noneOf(PlanStep.class);
        this.allowed.addAll(Set.of(allowed));
    }

    static PlanState of(PlanStatus status, @Nullable BookingStatus liveBooking) {
        boolean isWithdrawn = liveBooking == BookingStatus.CANCEL_REQUESTED;
        return switch (status) {
            case PENDING -> isWithdrawn ? WITHDRAWING : liveBooking == null ? PENDING : BOOKING;
            case CONFIRMED -> CONFIRMED;
            case CANCELLED -> isWithdrawn ? CANCELLING : CANCELLED;
        };
    }

    boolean allows(PlanStep step) {
        return allowed.contains(step);
    }

    /** Its name, for people. */
    String description() {
        return description;
    }
}
