package dev.luna.api.bookings;

import dev.luna.api.web.TextRules;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * What a provider says of a booking, in an answer or in a callback. Fields that Luna does not know are let pass: the
 * format is the provider's, too.
 */
record ProviderAnswer(
        @Nullable String status,
        @Nullable String externalRef,
        @Nullable String reason) {

    static final String CONFIRMED = "confirmed";

    private static final int LONGEST_REFERENCE = 200;

    /** What a reference must be. */
    static final String REFERENCE_RULE =
            "1 to %d characters, not all of them spaces and none a control character".formatted(LONGEST_REFERENCE);

    /** Empty when the bytes are no JSON object. */
    static Optional<ProviderAnswer> read(byte[] body, JsonMapper mapper) {
        try {
            return of(mapper.readTree(body));
        } catch (JacksonException e) {
            // Garbage is an answer that says nothing.
            return Optional.empty();
        }
    }

    static Optional<ProviderAnswer> of(JsonNode json) {
        return json.isObject()
                ? Optional.of(
                        new ProviderAnswer(text(json, "status"), text(json, "external_ref"), text(json, "reason")))
                : Optional.empty();
    }

    /** Empty when it is neither a confirmation with a reference nor a refusal. */
    Optional<Outcome> outcome() {
        if (CONFIRMED.equals(status) && externalRef != null && isReference(externalRef)) {
            return Optional.of(Outcome.confirmed(externalRef));
        }
        if ("declined".equals(status)) {
            return Optional.of(Outcome.declined(reason == null ? "the provider declined it" : reason));
        }
        return Optional.empty();
    }

    private static boolean isReference(String text) {
        return !text.isBlank()
                && text.codePointCount(0, text.length()) <= LONGEST_REFERENCE
                && text.chars().noneMatch(Character::isISOControl)
                && TextRules.isStorable(text);
    }

    private static @Nullable String text(JsonNode json, String field) {
        JsonNode value = json.path(field);
        return value.isString() && !value.asString().isBlank() ? value.asString() : null;
    }
}
