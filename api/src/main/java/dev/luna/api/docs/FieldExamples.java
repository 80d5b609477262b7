package dev.luna.api.docs;

import io.swagger.v3.oas.models.OpenAPI;
import io.swagger.v3.oas.models.media.Schema;
import java.util.Map;
import org.springdoc.core.customizers.OpenApiCustomizer;

/** Examples of fields whose types belong to the batch module, which knows nothing of OpenAPI. */
final class FieldExamples implements OpenApiCustomizer {

    private static final Map<String, String> EXAMPLE_BY_FIELD = Map.of(
            "GateCheck.name", "users_covered",
            "GateCheck.detail", "2,000 of 2,000 users have ranked venues",
            "Cause.detail", "from 44.080000, 10.010000 to 44.093000, 10.021000");

    @Override
    public void customise(OpenAPI document) {
        EXAMPLE_BY_FIELD.forEach((name, example) -> {
            String[] parts = name.split("\\.");
            Schema<?> model = document.getComponents().getSchemas().get(parts[0]);
            Object field = model == null ? null : model.getProperties().get(parts[1]);
            if (!(field instanceof Schema<?> property)) {
                throw new IllegalStateException(
                        "no answer has the field " + name + " any more; change this list with it");
            }
            property.setExample(example);
        });
    }
}
