package dev.luna.api.bookings;

import dev.luna.api.web.WriteTransactions;
import java.time.Duration;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.stereotype.Service;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * Takes bookings from the decision to their end at the provider.
 *
 * <p>Who works on a booking holds a claim on it, by the database's clock, so that calls of one booking follow each other.
 * A lost claim (crash, freeze) costs nothing but a repeated call, which the provider tells by the booking's id; who lost it
 * makes no further call. A booking
 * that may be held but whose reference is unknown is asked for once more before it is given back: nothing is cancelled
 * that could still come about.
 */
@Service
public final class Bookings {

    private static final Logger log = LoggerFactory.getLogger(Bookings.class);

    private static final Duration POLL_INTERVAL = Duration.ofMillis(50);

    /** Room for connections that many clients wait for at once. */
    private static final Duration COMMIT_RESERVE = Duration.ofSeconds(5);

    /** Room for a garbage collection or a slow commit between calls. */
    private static final Duration CLAIM_RESERVE = Duration.ofSeconds(10);

    /** Ask, which tells the reference, and give back: more calls in a row there are not. */
    private static final int MOST_STEPS = 2;

    private final BookingStore store;
    private final BookedPlans plans;
    private final BookingProvider provider;
    private final WaitingRequests waiting;
    private final Duration giveUpAfter;
    private final TransactionTemplate transaction;

    Bookings(
            BookingStore store,
            BookedPlans plans,
            BookingProvider provider,
            WaitingRequests waiting,
            BookingProperties properties,
            @Qualifier(WriteTransactions.PATIENT) PlatformTransactionManager transactionManager) {
        this.store = store;
        this.plans = plans;
        this.provider = provider;
        this.waiting = waiting;
        this.giveUpAfter = properties.giveUpAfter();
        // What the provider said is recorded however long that has to wait.
        this.transaction = new TransactionTemplate(transactionManager);
    }

    /** Decides on a booking: part of the transaction that holds the plan's lock. {@link #carryOut} goes on from there. */
    public BookingClaim request(UUID planId, int partySize) {
        return store.insert(planId, provider.name(), partySize, claimLength());
    }

    /** Decides to cancel a plan's live booking, if any: part of the transaction that holds the plan's lock. */
    public Optional<UUID> requestCancellation(UUID planId) {
        return store.ofPlan(planId).filter(booking -> booking.status().isLive()).map(booking -> {
            BookingStore.Locked locked = store.lock(booking.id(), giveUpAfter);
            if (locked.status() == BookingStatus.REQUESTED && locked.calls() == 0) {
                // Whoever is about to call counts that first, and then finds that nothing is to be done.
                store.move(
                        locked, BookingStatus.CANCELLED, null, "the plan was cancelled before the provider was asked");
            } else if (locked.status() != BookingStatus.CANCEL_REQUESTED) {
                store.move(locked, BookingStatus.CANCEL_REQUESTED, null, "the plan was cancelled");
            }
            return booking.id();
        });
    }

    /** Removes the ended bookings of a plan that goes: part of the transaction that holds the plan's lock. */
    public void forget(UUID planId) {
        store.deleteOf(planId);
    }

    /** The plan's live booking, or else its last one. */
    public Optional<BookingSummary> ofPlan(UUID planId) {
        return store.ofPlan(planId).map(Bookings::summary);
    }

    /** A booking's present state; empty when it went with its plan. */
    public Optional<BookingSummary> find(UUID bookingId) {
        return store.find(bookingId).map(Bookings::summary);
    }

    /** Why a booking is in its state; empty when it went with its plan. */
    public Optional<String> lastReason(UUID bookingId) {
        return store.find(bookingId)
                .flatMap(booking -> booking.history().stream().reduce((earlier, later) -> later))
                .map(BookingChange::reason);
    }

    /**
     * Carries out a booking that the caller has requested, or leaves it to the sweep when too many requests wait for the
     * provider. Calls the provider: not for use inside a transaction.
     */
    public void carryOut(BookingClaim claim) {
        if (!waiting.run(() -> work(claim))) {
            store.giveUpClaim(claim);
        }
    }

    /** Waits while somebody else carries out the booking; not at all when too many requests wait for the provider. */
    public void awaitOutcome(UUID bookingId) {
        waiting.run(() -> {
            long deadline = System.nanoTime()
                    + provider.longestCall().plus(COMMIT_RESERVE).toNanos();
            try {
                while (store.isBeingAskedFor(bookingId) && System.nanoTime() < deadline) {
                    Thread.sleep(POLL_INTERVAL.toMillis());
                }
            } catch (InterruptedException e) {
                // The server stops; what is known by now is the answer.
                Thread.currentThread().interrupt();
            }
        });
    }

    /** The longest that {@link #carryOut}, {@link #awaitOutcome} or {@link #settle} takes. */
    public Duration longestWait() {
        return provider.longestCall().multipliedBy(MOST_STEPS).plus(COMMIT_RESERVE);
    }

    /**
     * Works on a booking if nobody else does, or leaves it to the sweep when too many requests wait for the provider. Calls
     * the provider: not for use inside a transaction.
     */
    public void settle(UUID bookingId) {
        waiting.run(() -> takeUp(bookingId));
    }

    /** As {@link #settle}, for the sweep, which keeps no request waiting. */
    void takeUp(UUID bookingId) {
        store.claim(bookingId, provider.name(), claimLength()).ifPresent(this::work);
    }

    /** Works on a booking that this thread has claimed, until it is settled or the provider gives no answer. */
    private void work(BookingClaim taken) {
        BookingClaim claim = taken;
        for (int step = 0; step < MOST_STEPS; step++) {
            Optional<BookingStore.Task> task = store.nextTask(claim, claimLength());
            if (task.isEmpty()) {
                break;
            }
            claim = task.get().claim();
            BookingOrder order = task.get().order();
            boolean canBeGivenBack = order.status() == BookingStatus.CANCEL_REQUESTED && order.externalRef() != null;
            Outcome outcome = canBeGivenBack ? provider.cancel(order) : provider.book(order);
            // Who is told to stop ends here, but an answer is recorded. An interrupted thread gets no connection for
            // that.
            boolean isToldToStop = Thread.interrupted();
            if (outcome.kind() == Outcome.Kind.UNKNOWN) {
                log.warn("Booking {} has no answer: {}", order.bookingId(), outcome.reason());
                if (isToldToStop) {
                    // The provider was not heard to the end, so an overdue booking is not given up for that.
                    break;
                }
            }
            if (!record(order.bookingId(), outcome, claim)) {
                return;
            }
            if (isToldToStop) {
                break;
            }
        }
        store.release(claim);
    }

    /**
     * Records what the provider said, at whatever time and however often it says it: the first answer counts.
     *
     * @return whether there is more to do at once
     */
    boolean record(UUID bookingId, Outcome outcome) {
        return record(bookingId, outcome, null);
    }

    /** @param asked under which the provider was asked, if it was; given back with the answer unless there is more to do */
    private boolean record(UUID bookingId, Outcome outcome, @Nullable BookingClaim asked) {
        Optional<UUID> planId = store.planOf(bookingId);
        return transaction.execute(status -> {
            if (planId.isEmpty() || !plans.lock(planId.get())) {
                // Only what has ended goes, together with its plan: another answer was the first.
                log.warn("Booking {} is gone; too late it has an answer: {}", bookingId, outcome.reason());
                return false;
            }
            boolean isUnfinished = record(store.lock(bookingId, giveUpAfter), outcome, asked);
            if (asked != null && !isUnfinished) {
                store.release(asked);
            }
            return isUnfinished;
        });
    }

    private boolean record(BookingStore.Locked booking, Outcome answer, @Nullable BookingClaim asked) {
        // A clear answer ends a booking or names it, so whatever was sent before had none.
        Outcome outcome = booking.calls() > 1 ? answer.afterSilence() : answer;
        return switch (booking.status()) {
            case REQUESTED -> recordRequested(booking, outcome, asked);
            case CANCEL_REQUESTED -> recordCancelRequested(booking, outcome);
            case CONFIRMED, DECLINED, FAILED, CANCELLED -> {
                warnOfAnother(booking, outcome);
                yield false;
            }
        };
    }

    /** What the provider holds besides is given back by nobody. */
    private static void warnOfAnother(BookingStore.Locked booking, Outcome outcome) {
        if (outcome.externalRef() != null && !outcome.externalRef().equals(booking.externalRef())) {
            log.warn(
                    "Booking {} is {}; the provider now confirms it as {}",
                    booking.id(),
                    booking.status().as(booking.externalRef()),
                    outcome.externalRef());
        }
    }

    private boolean recordRequested(BookingStore.Locked booking, Outcome outcome, @Nullable BookingClaim asked) {
        switch (outcome.kind()) {
            case CONFIRMED -> {
                store.move(booking, BookingStatus.CONFIRMED, outcome.externalRef(), outcome.reason());
                plans.booked(booking.planId());
            }
            case DECLINED -> store.move(booking, BookingStatus.DECLINED, null, outcome.reason());
            case FAILED -> store.move(booking, BookingStatus.FAILED, null, outcome.reason());
            case CANCELLED ->
                throw new IllegalStateException(
                        "booking %s is requested, so nobody can have cancelled it".formatted(booking.id()));
            case UNKNOWN -> {
                // Whoever has taken over asks anew, and may be answered.
                if (booking.isOverdue() && asked != null && asked.isStill(booking.claimedUntil())) {
                    store.move(
                            booking,
                            BookingStatus.CANCEL_REQUESTED,
                            null,
                            "no answer within %s, or before the start; last: %s"
                                    .formatted(BookingProperties.words(giveUpAfter), outcome.reason()));
                }
            }
        }
        return false;
    }

    private boolean recordCancelRequested(BookingStore.Locked booking, Outcome outcome) {
        switch (outcome.kind()) {
            case CONFIRMED -> {
                if (booking.externalRef() != null) {
                    warnOfAnother(booking, outcome);
                }
                store.keepReference(booking.id(), outcome.externalRef());
                return true;
            }
            case DECLINED, FAILED -> {
                if (booking.externalRef() != null) {
                    // The provider said that it holds the booking; only an answer to the cancellation says otherwise.
                    return true;
                }
                store.move(booking, BookingStatus.CANCELLED, null, "nothing was booked: " + outcome.reason());
            }
            case CANCELLED -> store.move(booking, BookingStatus.CANCELLED, null, outcome.reason());
            case UNKNOWN -> {
                // Whoever asked gives his claim back, and it is due again.
            }
        }
        return false;
    }

    private static BookingSummary summary(Booking booking) {
        return new BookingSummary(booking.id(), booking.provider(), booking.externalRef(), booking.status());
    }

    private Duration claimLength() {
        return provider.longestCall().plus(CLAIM_RESERVE);
    }
}
