package dev.luna.api.docs;

import io.swagger.v3.oas.models.OpenAPI;
import io.swagger.v3.oas.models.media.Schema;
import java.util.Map;
import org.springdoc.core.customizers.OpenApiCustomizer;

/** Examples of fields whose types belong to the batch module, which knows nothing of OpenAPI. */
final class FieldExamples implements OpenApiCustomizer {

    private static final Map<String, String> EXAMPLE_BY_FIELD = Map.of(
            "GateCheck.name", "overlap",
            "GateCheck.detail", "100.0 % of the first 10 venues are the published run 1's, over 1,000 users",
            "Cause.detail", "from 44.0800, 10.0100 to 44.0930, 10.0210");

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
