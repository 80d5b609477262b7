package dev.luna.batch.database;

import java.util.regex.Pattern;

/** What files and rows hold, as it is shown to people in lines of text. */
public final class ShownText {

    /** Controls, direction marks and other formats, half characters, separators of lines and paragraphs. */
    private static final Pattern NOT_SHOWN = Pattern.compile("[\\p{Cc}\\p{Cf}\\p{Cs}\\p{Zl}\\p{Zp}]");

    private ShownText() {}

    /** The text without what could begin a line of its own or command a terminal: a replacement character stands for each. */
    public static String of(String text) {
        return NOT_SHOWN.matcher(text).replaceAll("\ufffd");
    }

    /** The first {@code length} places of a text, or one less where they would end in half a character. */
    public static String start(String text, int length) {
        if (text.length() <= length) {
            return text;
        }
        return text.substring(0, Character.isHighSurrogate(text.charAt(length - 1)) ? length - 1 : length);
    }
}
