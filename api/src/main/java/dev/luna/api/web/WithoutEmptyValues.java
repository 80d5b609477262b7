package dev.luna.api.web;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletRequestWrapper;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A request whose parameters without a value are absent. The map still has their names, so that one that nobody knows can be
 * refused.
 */
final class WithoutEmptyValues extends HttpServletRequestWrapper {

    WithoutEmptyValues(HttpServletRequest request) {
        super(request);
    }

    @Override
    public @Nullable String getParameter(String name) {
        String[] values = getParameterValues(name);
        return values == null ? null : values[0];
    }

    @Override
    public String @Nullable [] getParameterValues(String name) {
        String[] values = super.getParameterValues(name);
        String[] filled = values == null ? new String[0] : filled(values);
        return filled.length == 0 ? null : filled;
    }

    @Override
    public Map<String, String[]> getParameterMap() {
        Map<String, String[]> filled = new LinkedHashMap<>();
        super.getParameterMap().forEach((name, values) -> filled.put(name, filled(values)));
        return filled;
    }

    private static String[] filled(String[] values) {
        return Arrays.stream(values).filter(value -> !value.isEmpty()).toArray(String[]::new);
    }
}
