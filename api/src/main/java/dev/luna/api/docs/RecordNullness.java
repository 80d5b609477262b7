package dev.luna.api.docs;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.databind.JavaType;
import dev.luna.api.web.SnakeCase;
import io.swagger.v3.core.converter.AnnotatedType;
import io.swagger.v3.core.converter.ModelConverter;
import io.swagger.v3.core.converter.ModelConverterContext;
import io.swagger.v3.core.util.Json31;
import io.swagger.v3.oas.models.media.Schema;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Says of a record's fields which are always there and which may be null: what {@code @Nullable} says to the compiler.
 * A record that only carries a request keeps what its constraints say.
 */
final class RecordNullness implements ModelConverter {

    private static final Schema<?> NULL = new Schema<>().types(Set.of("null"));

    /** Names of records that come from clients. */
    private static final Pattern REQUEST = Pattern.compile("New.*|Batched.*|.*Fields|.*Question|ScoringSettings");

    @Override
    public @Nullable Schema<?> resolve(
            AnnotatedType type, ModelConverterContext context, Iterator<ModelConverter> chain) {
        Schema<?> resolved = chain.hasNext() ? chain.next().resolve(type, context, chain) : null;
        JavaType javaType = Json31.mapper().constructType(type.getType());
        Class<?> record = javaType == null ? null : javaType.getRawClass();
        if (record != null && record.isRecord() && record.getPackageName().startsWith("dev.luna")) {
            Schema<?> model = resolved != null && resolved.get$ref() != null
                    ? context.getDefinedModels().get(nameOf(resolved.get$ref()))
                    : resolved;
            if (model != null && model.getProperties() != null) {
                describe(record, model);
            }
        }
        return resolved;
    }

    private static void describe(Class<?> record, Schema<?> model) {
        boolean isRequest = REQUEST.matcher(record.getSimpleName()).matches();
        @SuppressWarnings("rawtypes") // as swagger-core declares it
        Map<String, Schema> properties = model.getProperties();
        Set<String> required = new LinkedHashSet<>(model.getRequired() == null ? List.of() : model.getRequired());
        for (RecordComponent component : record.getRecordComponents()) {
            JsonProperty named = component.getAccessor().getAnnotation(JsonProperty.class);
            String name = named == null ? SnakeCase.of(component.getName()) : named.value();
            Schema<?> property = properties.get(name);
            if (property == null) {
                continue;
            }
            if (isOfAnything(component)) {
                property.setAdditionalProperties(true);
            }
            boolean mayBeNull = component.getAnnotatedType().isAnnotationPresent(Nullable.class);
            JsonInclude include = component.getAccessor().getAnnotation(JsonInclude.class);
            boolean isLeftOut = include != null && include.value() == JsonInclude.Include.NON_NULL;
            if (mayBeNull && !isLeftOut && !required.contains(name)) {
                properties.put(name, nullable(property));
            }
            if (!isRequest && !isLeftOut) {
                required.add(name);
            }
        }
        model.setRequired(new ArrayList<>(required));
    }

    /** What swagger-core takes for a map of objects. */
    private static boolean isOfAnything(RecordComponent component) {
        return component.getGenericType() instanceof ParameterizedType type
                && type.getRawType() == Map.class
                && type.getActualTypeArguments()[1] == Object.class;
    }

    private static Schema<?> nullable(Schema<?> property) {
        if (property.get$ref() != null) {
            Schema<?> either = new Schema<>();
            either.setOneOf(List.of(new Schema<>().$ref(property.get$ref()), NULL));
            either.setDescription(property.getDescription());
            return either;
        }
        if (property.getTypes() != null) {
            property.addType("null");
        }
        if (property.getEnum() != null) {
            property.addEnumItemObject(null);
        }
        return property;
    }

    private static String nameOf(String ref) {
        return ref.substring(ref.lastIndexOf('/') + 1);
    }
}
