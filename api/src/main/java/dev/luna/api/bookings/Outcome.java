package dev.luna.api.bookings;

import dev.luna.api.web.TextRules;
import org.jspecify.annotations.Nullable;

/**
 * What came of a call of the provider.
 *
 * @param externalRef the provider's own name of the booking, when it is confirmed
 * @param reason why, in a sentence that the booking's history keeps
 * @param isOfOneRequest whether it leaves open what became of earlier requests for the same
 */
record Outcome(Kind kind, @Nullable String externalRef, String reason, boolean isOfOneRequest) {

    private static final int LONGEST_REASON = 500;

    enum Kind {
        CONFIRMED,
        DECLINED,
        /** The provider refused the request itself: this one has booked nothing. */
        FAILED,
        CANCELLED,
        /** It may have happened or not; asking again with the same key tells. */
        UNKNOWN
    }

    Outcome {
        // It may be the provider's text, and a line break would begin a line of the log.
        reason = TextRules.excerpt(reason.replaceAll("\\p{Cc}", " "), LONGEST_REASON);
        if (reason.isBlank()) {
            reason = "no reason was given";
        }
    }

    static Outcome confirmed(String externalRef) {
        return new Outcome(Kind.CONFIRMED, externalRef, "the provider confirmed it", false);
    }

    static Outcome declined(String reason) {
        return new Outcome(Kind.DECLINED, null, reason, false);
    }

    /** A 409 that may also say that an earlier request is still being worked on, as a repeated Idempotency-Key may get it. */
    static Outcome conflict(String reason) {
        return new Outcome(Kind.DECLINED, null, reason, true);
    }

    static Outcome failed(String reason) {
        return new Outcome(Kind.FAILED, null, reason, true);
    }

    static Outcome cancelled(String reason) {
        return new Outcome(Kind.CANCELLED, null, reason, false);
    }

    static Outcome unknown(String reason) {
        return new Outcome(Kind.UNKNOWN, null, reason, false);
    }

    /** What it says of a booking for which an earlier request had no answer. */
    Outcome afterSilence() {
        return isOfOneRequest ? unknown("an earlier request had no answer, and now " + reason) : this;
    }
}
