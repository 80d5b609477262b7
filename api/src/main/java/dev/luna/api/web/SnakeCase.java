package dev.luna.api.web;

import java.util.Locale;
import java.util.regex.Pattern;

/** Java names as clients see them. */
public final class SnakeCase {

    private static final Pattern WORD_START = Pattern.compile("(?<=[a-z0-9])(?=[A-Z])");

    private SnakeCase() {}

    /** In lower case, words parted by underscores; of a sentence with Java names in it, all of it. */
    public static String of(String javaName) {
        return WORD_START.matcher(javaName).replaceAll("_").toLowerCase(Locale.ROOT);
    }
}
