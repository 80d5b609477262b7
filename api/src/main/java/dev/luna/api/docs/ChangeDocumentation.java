package dev.luna.api.docs;

import io.swagger.v3.oas.models.OpenAPI;
import io.swagger.v3.oas.models.media.Schema;
import java.util.Map;
import java.util.TreeMap;
import org.springdoc.core.customizers.OpenApiCustomizer;

/** Bodies of PATCH: the fields of a new object, all of them optional (RFC 7396). */
final class ChangeDocumentation implements OpenApiCustomizer {

    /** Sorted, so that the document is the same at each start. */
    private static final Map<String, String> CHANGE_BY_FIELDS =
            new TreeMap<>(Map.of("UserFields", "UserChange", "VenueFields", "VenueChange"));

    @Override
    public void customise(OpenAPI document) {
        CHANGE_BY_FIELDS.forEach((fields, change) -> {
            Schema<?> source = document.getComponents().getSchemas().get(fields);
            if (source == null) {
                throw new IllegalStateException("no call takes " + fields + " any more; change this list with it");
            }
            Schema<?> copy = new Schema<>();
            copy.setTypes(source.getTypes());
            copy.setProperties(source.getProperties());
            copy.setDescription("An absent field stays as it is, null clears it.");
            document.getComponents().addSchemas(change, copy);
        });
    }
}
