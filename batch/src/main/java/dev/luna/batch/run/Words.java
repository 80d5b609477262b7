package dev.luna.batch.run;

import java.util.Locale;

/** Quantities as people write them. */
final class Words {

    private Words() {}

    /** As {@link String#format}, the same in every locale: what is recorded must not depend on who computed it. */
    static String format(String pattern, Object... values) {
        return String.format(Locale.ROOT, pattern, values);
    }

    /** Rounded to the second below an hour and to the minute above: {@code 42 s}, {@code 3 min 5 s}, {@code 2 h 10 min}. */
    static String duration(double exactSeconds) {
        long seconds = Math.max(0, Math.round(exactSeconds));
        if (seconds < 60) {
            return seconds + " s";
        }
        if (seconds < 3600) {
            return "%d min %d s".formatted(seconds / 60, seconds % 60);
        }
        return "%d h %d min".formatted(seconds / 3600, seconds % 3600 / 60);
    }
}
