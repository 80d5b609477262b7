package dev.luna.batch.transfer;

/**
 * Bytes that are no UTF-8, as they are found again in the text of their row and column: decoded to the second half of a
 * character without its first. No bytes are decoded to that rightfully; all that is a character, also U+FFFF, may be stored.
 */
final class NotUtf8 {

    /** What such bytes are decoded to; no message shows it as it is. */
    static final char MARK = '\udc00';

    private NotUtf8() {}

    /** Whether some of the text's bytes were no UTF-8. */
    static boolean isIn(String text) {
        int at = text.indexOf(MARK);
        // Behind a first half it belongs to a character, such as U+1F400.
        while (at > 0 && Character.isHighSurrogate(text.charAt(at - 1))) {
            at = text.indexOf(MARK, at + 1);
        }
        return at >= 0;
    }
}
