package dev.luna.api.web;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.time.Instant;
import java.util.Collection;
import java.util.Comparator;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * One entry of a problem's {@code errors}.
 *
 * @param index which of many, from 0, when the body is a list
 * @param field the name as the client writes it: snake_case, dotted for nested ones
 * @param message what was expected
 * @param value what was received, of a long text its beginning; left out when there was nothing
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record InvalidField(
        @Nullable Integer index,
        String field,
        String message,
        @Nullable Object value) {

    /** By field and message; validation gathers them in no order. */
    static final Comparator<InvalidField> ORDER =
            Comparator.comparing(InvalidField::field).thenComparing(InvalidField::message);

    /** Errors told of one request; to a client that sends another format, more of the same is no help. */
    public static final int MOST = 20;

    private static final int LONGEST_REPEATED_VALUE = 100;

    public InvalidField(String field, String message, @Nullable Object value) {
        this(null, field, message, value);
    }

    public InvalidField {
        if (value != null && !(value instanceof Number) && !(value instanceof Boolean)) {
            value = TextRules.excerpt(value.toString(), LONGEST_REPEATED_VALUE);
        }
        if (value instanceof Double number && !Double.isFinite(number)) {
            value = number.toString();
        }
    }

    /** The same about one item of a list. */
    public InvalidField at(int itemIndex) {
        return new InvalidField(itemIndex, field, message, value);
    }

    /** What a value of the type must be, as a message about a {@code place}: a field or a parameter. */
    static String expectation(@Nullable Class<?> type, String place) {
        if (type != null && type.isEnum()) {
            return "must be one of " + Wire.names(type);
        }
        if (type == UUID.class) {
            return "must be a UUID such as 00000000-0000-4000-8000-000000000001";
        }
        if (type == Integer.class || type == int.class || type == Long.class || type == long.class) {
            return "must be a whole number in the range of the " + place;
        }
        if (type == Double.class || type == double.class) {
            return "must be a number";
        }
        if (type == Boolean.class || type == boolean.class) {
            return "must be true or false";
        }
        if (type == Instant.class) {
            return "must be an ISO 8601 time with offset such as 2099-01-31T20:00:00+01:00";
        }
        if (type == String.class) {
            return "must be a text without NUL characters and broken surrogate pairs";
        }
        if (type == null) {
            return "has the wrong type";
        }
        return Collection.class.isAssignableFrom(type) ? "must be a list" : "must be an object";
    }

    String sentence() {
        String place = index == null ? "" : "item " + index + ": ";
        return place + (value == null ? field + ": " + message : field + ": " + message + ", but was " + quoted(value));
    }

    private static String quoted(Object value) {
        return value instanceof Number || value instanceof Boolean ? value.toString() : "'" + value + "'";
    }
}
