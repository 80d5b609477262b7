package dev.luna.api.web;

import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.springdoc.core.annotations.ParameterObject;
import org.springframework.beans.BeanUtils;
import org.springframework.beans.TypeMismatchException;
import org.springframework.core.MethodParameter;
import org.springframework.web.bind.WebDataBinder;
import org.springframework.web.bind.support.WebDataBinderFactory;
import org.springframework.web.context.request.NativeWebRequest;
import org.springframework.web.method.support.HandlerMethodArgumentResolver;
import org.springframework.web.method.support.ModelAndViewContainer;

/**
 * Reads records of query parameters, which several calls take: each component is one of its name in snake case, null when
 * absent; one that is a list may be repeated. A record's rules are checked with those of the call's other parameters.
 */
final class ParameterObjects implements HandlerMethodArgumentResolver {

    /** Which parameters the record reads, and whether they may be repeated. */
    static Map<String, Boolean> repeatableByName(Class<?> type) {
        return Arrays.stream(type.getRecordComponents())
                .collect(Collectors.toMap(ParameterObjects::nameOf, ParameterObjects::isList));
    }

    @Override
    public boolean supportsParameter(MethodParameter parameter) {
        return parameter.hasParameterAnnotation(ParameterObject.class);
    }

    @Override
    public Object resolveArgument(
            MethodParameter parameter,
            @Nullable ModelAndViewContainer container,
            NativeWebRequest request,
            @Nullable WebDataBinderFactory binders)
            throws Exception {
        Objects.requireNonNull(binders, "only a call's own parameters are read here");
        RecordComponent[] components = parameter.getParameterType().getRecordComponents();
        @Nullable Object[] fields = new Object[components.length];
        for (int i = 0; i < fields.length; i++) {
            String name = nameOf(components[i]);
            String[] values = request.getParameterValues(name);
            if (values != null) {
                fields[i] = read(components[i], values, binders.createBinder(request, null, name));
            }
        }
        return BeanUtils.instantiateClass(BeanUtils.getResolvableConstructor(parameter.getParameterType()), fields);
    }

    private static @Nullable Object read(RecordComponent component, String[] values, WebDataBinder binder) {
        if (!isList(component)) {
            return read(values[0], component.getType(), binder);
        }
        Class<?> type = (Class<?>) ((ParameterizedType) component.getGenericType()).getActualTypeArguments()[0];
        List<@Nullable Object> items = new ArrayList<>();
        for (String value : values) {
            items.add(read(value, type, binder));
        }
        return items;
    }

    private static @Nullable Object read(String value, Class<?> type, WebDataBinder binder) {
        try {
            return binder.convertIfNecessary(value, type);
        } catch (TypeMismatchException e) {
            e.initPropertyName(binder.getObjectName());
            throw e;
        }
    }

    private static String nameOf(RecordComponent component) {
        return SnakeCase.of(component.getName());
    }

    private static boolean isList(RecordComponent component) {
        return component.getType() == List.class;
    }
}
