package dev.luna.batch.transfer;

import java.util.regex.Pattern;

/** A field does not hold what its column needs. Carries no stack trace: a file may have many. */
final class InvalidValueException extends Exception {

    private static final long serialVersionUID = 1L;
    private static final int LONGEST = 60;

    /** Controls, direction marks and other formats, half characters, separators of lines and paragraphs. */
    private static final Pattern NOT_SHOWN = Pattern.compile("[\\p{Cc}\\p{Cf}\\p{Cs}\\p{Zl}\\p{Zp}]");

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
        int end = Character.isHighSurrogate(value.charAt(LONGEST - 1)) ? LONGEST - 1 : LONGEST;
        return value.substring(0, end) + "...";
    }

    /** A reason as it is shown: what a file or a row holds must not begin a line of its own, or command a terminal. */
    static String printable(String reason) {
        return NOT_SHOWN.matcher(reason).replaceAll("\ufffd");
    }
}
