package dev.luna.batch.transfer;

import dev.luna.batch.database.ShownText;

/** A field does not hold what its column needs. Carries no stack trace: a file may have many. */
final class InvalidValueException extends Exception {

    private static final long serialVersionUID = 1L;
    private static final int LONGEST = 60;

    InvalidValueException(String reason) {
        super(reason, null, false, false);
    }

    /** The value as it is shown in a message. */
    static String quote(String value) {
        return "'" + shorten(value) + "'";
    }

    /** The same without quotation marks, for what is known to be a number. */
    static String shorten(String value) {
        if (value.length() <= LONGEST) {
            return value;
        }
        return ShownText.start(value, LONGEST) + "...";
    }
}
