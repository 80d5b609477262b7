package dev.luna.api.web;

import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.http.ProblemDetail;
import tools.jackson.core.JacksonException;
import tools.jackson.core.exc.InputCoercionException;
import tools.jackson.core.exc.StreamConstraintsException;
import tools.jackson.core.exc.StreamReadException;
import tools.jackson.databind.exc.InvalidFormatException;
import tools.jackson.databind.exc.MismatchedInputException;
import tools.jackson.databind.exc.UnrecognizedPropertyException;

/** Why a request body could not be read, for the client. */
final class UnreadableBody {

    /** What the library says in terms of its own settings. */
    private static final Pattern LIBRARY_TERMS = Pattern.compile(
            " \\((start marker at|for \\w+ starting at|not recognized as|consider enabling) .*|: enable `.*|, from `[^`]*`");

    private UnreadableBody() {}

    /** 400: a sentence that names the field or the place. */
    static ProblemDetail problem(@Nullable Throwable cause) {
        if (cause instanceof UnrecognizedPropertyException unknown) {
            String known = unknown.getKnownPropertyIds() == null
                    ? ""
                    : unknown.getKnownPropertyIds().stream()
                            .map(String::valueOf)
                            .sorted()
                            .collect(Collectors.joining(", "));
            return field(unknown, new InvalidField(path(unknown), "is not a known field; known are: " + known, null));
        }
        if (cause instanceof MismatchedInputException mismatch
                && !path(mismatch).isEmpty()) {
            Object value = mismatch instanceof InvalidFormatException invalid ? invalid.getValue() : null;
            return wrongType(mismatch, mismatch.getTargetType(), value);
        }
        if (cause instanceof InputCoercionException outOfRange
                && !path(outOfRange).isEmpty()) {
            return wrongType(outOfRange, outOfRange.getTargetType(), null);
        }
        if (cause instanceof StreamReadException malformed) {
            return broken(
                    malformed,
                    "The body is not well-formed JSON: line %d, column %d: %s"
                            .formatted(
                                    malformed.getLocation().getLineNr(),
                                    malformed.getLocation().getColumnNr(),
                                    reason(malformed)));
        }
        if (cause instanceof StreamConstraintsException excessive) {
            // It does not know the place.
            return broken(excessive, "The body goes beyond what is read: " + reason(excessive));
        }
        return ProblemDetail.forStatusAndDetail(
                HttpStatus.BAD_REQUEST, "The body must be a JSON object with the fields given at /docs.");
    }

    private static ProblemDetail wrongType(
            JacksonException exception, @Nullable Class<?> wanted, @Nullable Object value) {
        return field(exception, new InvalidField(path(exception), InvalidField.expectation(wanted, "field"), value));
    }

    private static String reason(JacksonException exception) {
        return LIBRARY_TERMS.matcher(exception.getOriginalMessage()).replaceFirst("");
    }

    private static ProblemDetail broken(JacksonException exception, String detail) {
        return isInList(exception)
                ? field(exception, new InvalidField(path(exception), detail, null))
                : ProblemDetail.forStatusAndDetail(HttpStatus.BAD_REQUEST, detail);
    }

    private static ProblemDetail field(JacksonException exception, InvalidField error) {
        InvalidField placed =
                isInList(exception) ? error.at(exception.getPath().get(0).getIndex()) : error;
        return ProblemException.problem(HttpStatus.BAD_REQUEST, List.of(placed));
    }

    /** Whether the body is a list; then its first step says which of its items is to blame. */
    private static boolean isInList(JacksonException exception) {
        return !exception.getPath().isEmpty() && exception.getPath().get(0).getPropertyName() == null;
    }

    /** The field's name, within its item if the body is a list. */
    private static String path(JacksonException exception) {
        StringBuilder path = new StringBuilder();
        int itself = isInList(exception) ? 1 : 0;
        for (JacksonException.Reference reference :
                exception.getPath().subList(itself, exception.getPath().size())) {
            if (reference.getPropertyName() != null) {
                path.append(path.isEmpty() ? "" : ".").append(reference.getPropertyName());
            } else {
                path.append('[').append(reference.getIndex()).append(']');
            }
        }
        return path.isEmpty() && itself == 1 ? "item" : path.toString();
    }
}
