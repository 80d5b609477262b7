package dev.luna.api.reco;

import jakarta.servlet.http.HttpServletRequest;
import java.util.Collections;
import java.util.Enumeration;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpHeaders;

/** Which answers a client says it has, in {@code If-None-Match} (RFC 9110, 13.1.2). Comparison is weak. */
final class KnownAnswers {

    /** The client has none, or does not say so. */
    static final KnownAnswers NONE = new KnownAnswers(null);

    private static final Pattern ENTITY_TAG = Pattern.compile("(?:W/)?\"([^\"]*)\"");

    private final @Nullable String tags;

    private KnownAnswers(@Nullable String tags) {
        this.tags = tags;
    }

    /** Of a request; several lines of the header are one list. */
    static KnownAnswers of(HttpServletRequest request) {
        Enumeration<String> lines = request.getHeader(HttpHeaders.IF_NONE_MATCH) == null
                ? null
                : request.getHeaders(HttpHeaders.IF_NONE_MATCH);
        return lines == null ? NONE : new KnownAnswers(String.join(",", Collections.list(lines)));
    }

    /** Whether none is named, so that comparing cannot find any. */
    boolean isEmpty() {
        return tags == null;
    }

    /** Whether the answer with this validator is named. */
    boolean names(String validator) {
        if (tags != null) {
            Matcher tag = ENTITY_TAG.matcher(tags);
            while (tag.find()) {
                if (tag.group(1).equals(validator)) {
                    return true;
                }
            }
        }
        return false;
    }

    /** Whether the client has this answer; {@code *} is any that there is now, with a validator or without. */
    boolean include(Answer<?> answer) {
        return tags != null && (tags.trim().equals("*") || answer.validator() != null && names(answer.validator()));
    }
}
