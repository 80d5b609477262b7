package dev.luna.api.web;

import java.util.Arrays;
import java.util.Locale;
import java.util.stream.Collectors;

/** How enum constants are written in JSON, in parameters and in the database: in lower case. */
public final class Wire {

    private Wire() {}

    /** The name of a constant as clients and tables write it. */
    public static String name(Enum<?> constant) {
        return constant.name().toLowerCase(Locale.ROOT);
    }

    /**
     * The constant of that name.
     *
     * @throws ProblemException 400, naming the parameter and what there is
     */
    public static <E extends Enum<E>> E read(Class<E> type, String parameter, String name) {
        for (E constant : type.getEnumConstants()) {
            if (name(constant).equals(name)) {
                return constant;
            }
        }
        throw ProblemException.invalidParameter(new InvalidField(parameter, "must be one of " + names(type), name));
    }

    /** The constant of that name in a table, whose checks let in no other. */
    public static <E extends Enum<E>> E stored(Class<E> type, String name) {
        return Enum.valueOf(type, name.toUpperCase(Locale.ROOT));
    }

    static String names(Class<?> type) {
        return Arrays.stream(type.getEnumConstants())
                .map(constant -> name((Enum<?>) constant))
                .collect(Collectors.joining(", "));
    }
}
