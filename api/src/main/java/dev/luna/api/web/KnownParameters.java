package dev.luna.api.web;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.util.Collection;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import org.springdoc.core.annotations.ParameterObject;
import org.springframework.boot.webmvc.error.ErrorController;
import org.springframework.core.MethodParameter;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.method.HandlerMethod;
import org.springframework.web.servlet.HandlerInterceptor;

/**
 * Refuses query parameters that an endpoint does not declare: a misspelt filter that is silently ignored answers a
 * question nobody asked. A parameter that is not a list may be given once. What the container reports to the page of errors
 * still has its query, and is about something else.
 */
final class KnownParameters implements HandlerInterceptor {

    private final String basePackage;
    private final Map<HandlerMethod, Map<String, Boolean>> repeatableByName = new ConcurrentHashMap<>();

    /** @param basePackage handlers outside it (libraries) are left alone */
    KnownParameters(String basePackage) {
        this.basePackage = basePackage;
    }

    @Override
    public boolean preHandle(HttpServletRequest request, HttpServletResponse response, Object handler) {
        if (request.getQueryString() == null
                || !(handler instanceof HandlerMethod method)
                || !method.getBeanType().getPackageName().startsWith(basePackage)
                || ErrorController.class.isAssignableFrom(method.getBeanType())) {
            return true;
        }
        Map<String, Boolean> known = repeatableByName.computeIfAbsent(method, KnownParameters::declaredBy);
        request.getParameterMap().forEach((name, values) -> check(name, values, known));
        return true;
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
            RequestParam declared = parameter.getParameterAnnotation(RequestParam.class);
            if (declared != null) {
                Class<?> type = parameter.getParameterType();
                String javaName = parameter.getParameter().getName();
                names.put(
                        declared.name().isEmpty() ? javaName : declared.name(),
                        type.isArray() || Collection.class.isAssignableFrom(type));
            }
            if (parameter.hasParameterAnnotation(ParameterObject.class)) {
                names.putAll(ParameterObjects.repeatableByName(parameter.getParameterType()));
            }
        }
        return names;
    }
}
