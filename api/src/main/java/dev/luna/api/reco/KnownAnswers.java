package dev.luna.api.reco;

import jakarta.servlet.http.HttpServletRequest;
import java.util.Collections;
import java.util.regex.Pattern;
import org.springframework.http.HttpHeaders;

/**
 * Which answers a client says it has, in {@code If-None-Match} (RFC 9110, 13.1.2). Comparison is weak.
 *
 * @param tags what the header says; empty when the client has none, or does not say so
 */
record KnownAnswers(String tags) {

    private static final KnownAnswers NONE = new KnownAnswers("");

    private static final Pattern ENTITY_TAG = Pattern.compile("(?:W/)?\"([^\"]*)\"");

    /** Of a request; several lines of the header are one list. */
    static KnownAnswers of(HttpServletRequest request) {
        return request.getHeader(HttpHeaders.IF_NONE_MATCH) == null
                ? NONE
                : new KnownAnswers(String.join(",", Collections.list(request.getHeaders(HttpHeaders.IF_NONE_MATCH))));
    }

    /** Whether none is named, so that comparing cannot find any. */
    boolean isEmpty() {
        return tags.isEmpty();
    }

    /** Whether the answer with this validator is named. */
    boolean names(String validator) {
        return ENTITY_TAG.matcher(tags).results().anyMatch(tag -> tag.group(1).equals(validator));
    }

    /** Whether the client has this answer; {@code *} is any that there is now, with a validator or without. */
    boolean include(Answer<?> answer) {
        return !isEmpty() && (tags.trim().equals("*") || answer.validator() != null && names(answer.validator()));
    }
}
