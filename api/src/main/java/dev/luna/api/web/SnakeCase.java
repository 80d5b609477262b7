package dev.luna.api.web;

import java.util.Locale;
import java.util.regex.Pattern;
import org.springframework.core.MethodParameter;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestParam;

/** Java names as clients see them. */
public final class SnakeCase {

    private static final Pattern WORD_START = Pattern.compile("(?<=[a-z0-9])(?=[A-Z])");

    /** Such as decayPerKm, or LIKE. */
    private static final Pattern JAVA_NAME = Pattern.compile("\\b(?:[a-z]+(?:[A-Z][a-z]+)+|[A-Z]{2,})\\b");

    private SnakeCase() {}

    /** In lower case, words parted by underscores. */
    public static String of(String javaName) {
        return WORD_START.matcher(javaName).replaceAll("_").toLowerCase(Locale.ROOT);
    }

    /** The name of a call's parameter as clients write it. */
    static String of(MethodParameter parameter) {
        RequestParam query = parameter.getParameterAnnotation(RequestParam.class);
        if (query != null) {
            // Spring reads one without a name by that of Java, as it is.
            return query.name().isEmpty() ? parameter.getParameter().getName() : query.name();
        }
        PathVariable path = parameter.getParameterAnnotation(PathVariable.class);
        if (path != null && !path.name().isEmpty()) {
            return path.name();
        }
        return of(parameter.getParameter().getName());
    }

    /** A sentence about Java names and constants, which become what clients write; numbers stay as they are. */
    public static String inSentence(String sentence) {
        return JAVA_NAME.matcher(sentence).replaceAll(name -> of(name.group()));
    }
}
