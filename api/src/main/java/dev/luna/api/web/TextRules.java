package dev.luna.api.web;

import dev.luna.batch.database.ShownText;
import java.nio.charset.StandardCharsets;

/** Which texts are accepted from clients. */
public final class TextRules {

    private static final int UUID_LENGTH = 36;

    private TextRules() {}

    /** Whether PostgreSQL can store the text: UTF-8 without U+0000, so no lone surrogates either. */
    public static boolean isStorable(String text) {
        return text.codePoints().noneMatch(c -> c == 0 || c >= Character.MIN_SURROGATE && c <= Character.MAX_SURROGATE);
    }

    /** The first {@code longest} UTF-16 units of a text, without half a character at the end, with a ? for lone surrogates. */
    public static String excerpt(String text, int longest) {
        String start = ShownText.start(text, longest);
        String whole = new String(start.getBytes(StandardCharsets.UTF_8), StandardCharsets.UTF_8);
        return start.length() == text.length() ? whole : whole + "...";
    }

    /** Whether the text is a UUID in full; {@link java.util.UUID#fromString} would also take {@code 1-1-1-1-1}. */
    public static boolean isUuid(String text) {
        if (text.length() != UUID_LENGTH) {
            return false;
        }
        for (int i = 0; i < UUID_LENGTH; i++) {
            char c = text.charAt(i);
            boolean isDash = i == 8 || i == 13 || i == 18 || i == 23;
            if (isDash ? c != '-' : c > 'f' || Character.digit(c, 16) < 0) {
                return false;
            }
        }
        return true;
    }
}
