package dev.luna.api.web;

import jakarta.servlet.http.HttpServletRequest;
import java.util.Collection;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import org.springdoc.core.annotations.ParameterObject;
import org.springframework.core.MethodParameter;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.method.HandlerMethod;

/**
 * Refuses query parameters that an endpoint does not declare: a misspelt filter that is silently ignored answers a
 * question nobody asked. A parameter that is not a list may be given once.
 */
final class KnownParameters extends CallInterceptor {

    private final Map<HandlerMethod, Map<String, Boolean>> repeatableByName = new ConcurrentHashMap<>();

    @Override
    void check(HttpServletRequest request, HandlerMethod call) {
        if (request.getQueryString() != null) {
            Map<String, Boolean> known = repeatableByName.computeIfAbsent(call, KnownParameters::declaredBy);
            request.getParameterMap().forEach((name, values) -> check(name, values, known));
        }
    }

    private static void check(String name, String[] values, Map<String, Boolean> known) {
        Boolean repeatable = known.get(name);
        if (repeatable == null) {
            String expected = known.isEmpty()
                    ? "is not a known parameter; this call takes none"
                    : "is not a known parameter; known are: " + String.join(", ", known.keySet());
            throw ProblemException.invalidParameter(
                    new InvalidField(TextRules.isStorable(name) ? name : "(name)", expected, null));
        }
        if (values.length > 1 && !repeatable) {
            throw ProblemException.invalidParameter(
                    new InvalidField(name, "may be given once, but was given " + values.length + " times", null));
        }
        for (String value : values) {
            if (!TextRules.isStorable(value)) {
                throw ProblemException.invalidParameter(
                        new InvalidField(name, "must be a text without NUL characters", null));
            }
        }
    }

    private static Map<String, Boolean> declaredBy(HandlerMethod method) {
        Map<String, Boolean> names = new TreeMap<>();
        for (MethodParameter parameter : method.getMethodParameters()) {
            if (parameter.hasParameterAnnotation(RequestParam.class)) {
                Class<?> type = parameter.getParameterType();
                names.put(SnakeCase.of(parameter), type.isArray() || Collection.class.isAssignableFrom(type));
            }
            if (parameter.hasParameterAnnotation(ParameterObject.class)) {
                names.putAll(ParameterObjects.repeatableByName(parameter.getParameterType()));
            }
        }
        return names;
    }
}
