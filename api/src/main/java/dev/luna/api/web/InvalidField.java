package dev.luna.api.web;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.swagger.v3.oas.annotations.media.Schema;
import org.jspecify.annotations.Nullable;

/**
 * One entry of a problem's {@code errors}.
 *
 * @param field the name as the client writes it: snake_case, dotted for nested ones
 * @param message what was expected
 * @param value what was received; left out when there was nothing or it is too long to repeat
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record InvalidField(
        @Schema(example = "home_lat") String field,

        @Schema(example = "must be less than or equal to 90")
        String message,

        @Schema(example = "95.2") @Nullable Object value) {

    private static final int LONGEST_REPEATED_VALUE = 100;

    public InvalidField {
        if (value != null && !(value instanceof Number) && !(value instanceof Boolean)) {
            String text = value.toString();
            value = text.length() > LONGEST_REPEATED_VALUE ? text.substring(0, LONGEST_REPEATED_VALUE) + "..." : text;
        }
        if (value instanceof Double number && !Double.isFinite(number)) {
            value = number.toString();
        }
    }

    String sentence() {
        return value == null ? field + ": " + message : field + ": " + message + ", but was " + quoted(value);
    }

    private static String quoted(Object value) {
        return value instanceof Number || value instanceof Boolean ? value.toString() : "'" + value + "'";
    }
}
