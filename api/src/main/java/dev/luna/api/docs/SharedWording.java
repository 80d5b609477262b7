package dev.luna.api.docs;

import dev.luna.api.web.ExampleIds;
import dev.luna.api.web.SnakeCase;
import io.swagger.v3.oas.models.OpenAPI;
import io.swagger.v3.oas.models.PathItem.HttpMethod;
import io.swagger.v3.oas.models.media.Schema;
import io.swagger.v3.oas.models.parameters.Parameter;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.springdoc.core.customizers.OpenApiCustomizer;

/**
 * Words that all calls share: enum values and parameters as they are written, what common parameters mean, and, except for
 * PUT, PATCH and DELETE, examples.
 */
final class SharedWording implements OpenApiCustomizer {

    private static final Map<String, String> DESCRIPTIONS = Map.of(
            "limit", "The most rows to answer with",
            "cursor", "From the Link header of the previous page",
            "category",
                    "Any of these, spelt as the venues have it; repeat the parameter for several. One that no venue has"
                            + " matches none",
            "user_id", "A user's id",
            "other_user_id", "The id of the user at the edge's end",
            "venue_id", "A venue's id",
            "run_id", "A run's id",
            "plan_id", "A plan's id",
            "booking_id", "A booking's id");

    private static final Map<String, String> EXAMPLES = Map.of(
            "user_id", ExampleIds.USER,
            "other_user_id", ExampleIds.OTHER_USER,
            "venue_id", ExampleIds.VENUE);

    /** Nobody deletes or changes what is proposed just by pressing Execute. */
    private static final Set<HttpMethod> WITHOUT_EXAMPLES = Set.of(HttpMethod.PUT, HttpMethod.PATCH, HttpMethod.DELETE);

    @Override
    public void customise(OpenAPI document) {
        document.getComponents().getSchemas().values().forEach(SharedWording::writeEnumsInLowerCase);
        document.getPaths()
                .values()
                .forEach(path -> path.readOperationsMap().forEach((method, operation) -> {
                    if (operation.getParameters() != null) {
                        operation.getParameters().forEach(SharedWording::describe);
                        if (!WITHOUT_EXAMPLES.contains(method)) {
                            operation.getParameters().forEach(SharedWording::propose);
                        }
                    }
                }));
    }

    private static void describe(Parameter parameter) {
        if ("query".equals(parameter.getIn())) {
            // Those of records come with the names of Java fields.
            parameter.setName(SnakeCase.of(parameter.getName()));
        }
        Schema<?> schema = parameter.getSchema();
        if (schema != null) {
            lowerCase(schema);
        }
        if (parameter.getDescription() == null) {
            parameter.setDescription(DESCRIPTIONS.get(parameter.getName()));
        }
    }

    private static void propose(Parameter parameter) {
        if (Boolean.TRUE.equals(parameter.getRequired()) && parameter.getExample() == null) {
            parameter.setExample(EXAMPLES.get(parameter.getName()));
        }
    }

    private static void writeEnumsInLowerCase(Schema<?> model) {
        if (model.getProperties() != null) {
            if (model.getTypes() == null) {
                model.addType("object");
            }
            for (Schema<?> property : model.getProperties().values()) {
                lowerCase(property);
            }
        }
    }

    @SuppressWarnings("unchecked") // a text is put back for a text
    private static void lowerCase(Schema<?> property) {
        List<Object> values = (List<Object>) property.getEnum();
        if (values != null) {
            values.replaceAll(value -> value instanceof String text ? text.toLowerCase(Locale.ROOT) : value);
        }
        if (property.getItems() != null) {
            lowerCase(property.getItems());
        }
    }
}
