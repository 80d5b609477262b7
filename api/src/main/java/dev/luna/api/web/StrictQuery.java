package dev.luna.api.web;

import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpFilter;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;
import org.springframework.util.StringUtils;

/**
 * Query parameters as everybody behind this filter may rely on them: each has a name, all can be decoded, and one without a
 * value is not there. The container would refuse them, if at all, without naming any. A query without empty values and
 * percent signs is looked through once, and costs nothing else.
 */
final class StrictQuery extends HttpFilter {

    private static final long serialVersionUID = 1;

    /** Those that the container does not read any more are one more. */
    private static final int MOST_PARAMETERS = 1000;

    private final transient ProblemWriter problems;

    StrictQuery(ProblemWriter problems) {
        this.problems = problems;
    }

    @Override
    protected void doFilter(HttpServletRequest request, HttpServletResponse response, FilterChain chain)
            throws IOException, ServletException {
        String query = request.getQueryString();
        if (query == null) {
            chain.doFilter(request, response);
            return;
        }
        boolean hasEmptyValues;
        try {
            hasEmptyValues = check(query);
        } catch (ProblemException e) {
            problems.write(request, response, e.getBody());
            return;
        }
        chain.doFilter(hasEmptyValues ? new WithoutEmptyValues(request) : request, response);
    }

    /**
     * Whether the query has parameters without a value.
     *
     * @throws ProblemException 400, naming the parameter that has no name or cannot be decoded; or there are too many
     */
    private static boolean check(String query) {
        boolean hasEmptyValues = false;
        int count = 0;
        int from = 0;
        while (from < query.length()) {
            int separator = query.indexOf('&', from);
            int to = separator < 0 ? query.length() : separator;
            if (to > from) {
                hasEmptyValues |= isEmpty(query, from, to);
                if (++count > MOST_PARAMETERS) {
                    throw ProblemException.invalidParameter(
                            new InvalidField("(query)", "may have up to " + MOST_PARAMETERS + " parameters", null));
                }
            }
            from = to + 1;
        }
        return hasEmptyValues;
    }

    /** Whether the parameter that stands in a part of the query has no value. */
    private static boolean isEmpty(String query, int from, int to) {
        int equals = query.indexOf('=', from);
        int nameEnd = equals < 0 || equals > to ? to : equals;
        if (nameEnd == from) {
            throw refused("(name)", "a parameter needs a name", query.substring(from, to));
        }
        int percent = query.indexOf('%', from);
        if (percent >= 0 && percent < to) {
            String name = decoded(query, from, nameEnd);
            if (name == null) {
                throw refused("(name)", "must be percent-encoded UTF-8", query.substring(from, nameEnd));
            }
            if (decoded(query, nameEnd, to) == null) {
                throw refused(name, "must be percent-encoded UTF-8", query.substring(nameEnd + 1, to));
            }
        }
        return nameEnd >= to - 1;
    }

    private static ProblemException refused(String name, String expected, String value) {
        return ProblemException.invalidParameter(
                new InvalidField(TextRules.isStorable(name) ? name : "(name)", expected, value));
    }

    /** Null when it is not percent-encoded UTF-8. The rest of a query is ASCII, or the container refuses it. */
    private static @Nullable String decoded(String query, int from, int to) {
        String text = query.substring(from, to).replace('+', ' ');
        try {
            byte[] bytes =
                    StringUtils.uriDecode(text, StandardCharsets.ISO_8859_1).getBytes(StandardCharsets.ISO_8859_1);
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(bytes))
                    .toString();
        } catch (IllegalArgumentException | CharacterCodingException e) {
            return null;
        }
    }
}
