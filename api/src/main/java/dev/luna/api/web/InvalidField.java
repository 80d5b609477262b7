package dev.luna.api.web;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.swagger.v3.oas.annotations.media.Schema;
import org.jspecify.annotations.Nullable;

/**
 * One entry of a problem's {@code errors}.
 *
 * @param index which of many, from 0, when the body is a list
 * @param field the name as the client writes it: snake_case, dotted for nested ones
 * @param message what was expected
 * @param value what was received; left out when there was nothing or it is too long to repeat
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record InvalidField(
        @Schema(example = "3", description = "which item, from 0, of a body that is a list") @Nullable
        Integer index,

        @Schema(example = "home_lat") String field,

        @Schema(example = "must be less than or equal to 90")
        String message,

        @Schema(example = "95.2") @Nullable Object value) {

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

    String sentence() {
        String place = index == null ? "" : "item " + index + ": ";
        return place + (value == null ? field + ": " + message : field + ": " + message + ", but was " + quoted(value));
    }

    private static String quoted(Object value) {
        return value instanceof Number || value instanceof Boolean ? value.toString() : "'" + value + "'";
    }
}
