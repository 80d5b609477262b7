package dev.luna.batch.cli;

import java.util.function.Function;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.TypeConversionException;

/** Which numbers an option takes; others are wrong usage, told before anything is begun. */
final class OptionRange {

    private OptionRange() {}

    /** @throws ParameterException naming option, value and range, if the value is not from least to most */
    static void check(CommandSpec spec, String option, long value, long least, long most) {
        if (value < least || value > most) {
            String expected = most == Long.MAX_VALUE ? least + " or more" : least + " to " + most;
            throw new ParameterException(
                    spec.commandLine(),
                    "Invalid value for option '%s': %d; expected %s".formatted(option, value, expected));
        }
    }

    /**
     * The number that a text is.
     *
     * @throws TypeConversionException telling text and largest number, if the text is none of the type
     */
    static <N extends Number> N read(String text, Function<String, N> parse, N most) {
        try {
            return parse.apply(text);
        } catch (NumberFormatException e) {
            throw new TypeConversionException("'%s' is not a whole number up to %d".formatted(text, most));
        }
    }

    /** As {@link #check(CommandSpec, String, long, long, long)}, without an upper end. */
    static void check(CommandSpec spec, String option, long value, long least) {
        check(spec, option, value, least, Long.MAX_VALUE);
    }
}
