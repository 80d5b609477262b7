package dev.luna.api.bookings;

import dev.luna.api.web.TextRules;
import org.jspecify.annotations.Nullable;

/**
 * What came of a call of the provider.
 *
 * @param externalRef the provider's own name of the booking, when it is confirmed
 * @param reason why, in a sentence that the booking's history keeps
 */
record Outcome(Kind kind, @Nullable String externalRef, String reason) {

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
        return new Outcome(Kind.CONFIRMED, externalRef, "the provider confirmed it");
    }

    static Outcome declined(String reason) {
        return new Outcome(Kind.DECLINED, null, reason);
    }

    static Outcome failed(String reason) {
        return new Outcome(Kind.FAILED, null, reason);
    }

    static Outcome cancelled(String reason) {
        return new Outcome(Kind.CANCELLED, null, reason);
    }

    static Outcome unknown(String reason) {
        return new Outcome(Kind.UNKNOWN, null, reason);
    }

    /** What it says of a booking for which an earlier request had no answer: a refusal leaves open what became of that. */
    Outcome afterSilence() {
        return kind == Kind.FAILED ? unknown("an earlier request had no answer, and now " + reason) : this;
    }
}
