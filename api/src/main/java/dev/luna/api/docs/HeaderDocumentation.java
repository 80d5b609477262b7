package dev.luna.api.docs;

import dev.luna.api.idempotency.IdempotencyKey;
import io.swagger.v3.oas.models.OpenAPI;
import io.swagger.v3.oas.models.Operation;
import io.swagger.v3.oas.models.headers.Header;
import io.swagger.v3.oas.models.media.Schema;
import io.swagger.v3.oas.models.media.StringSchema;
import io.swagger.v3.oas.models.responses.ApiResponse;
import java.util.LinkedHashMap;
import java.util.Map;
import org.springdoc.core.customizers.OpenApiCustomizer;

/** Says which headers answers have, where many calls have the same: of pages, of new things, and of all rankings. */
final class HeaderDocumentation implements OpenApiCustomizer {

    private static final Map<String, String> OF_RANKINGS = Map.of(
            "Luna-Run", "The run whose ranking, or whose popularity and profile, it is; none before the first",
            "Luna-Snapshot", "The moment whose inputs the run ranks",
            "Luna-Source", "run: as stored by the run. live: scored for this request",
            "Cache-Control", "How long caches may repeat it; no-store when the user's own data decided",
            "Vary", "Accept-Encoding");

    @Override
    public void customise(OpenAPI document) {
        document.getPaths()
                .forEach((path, item) -> item.readOperations().forEach(operation -> {
                    ApiResponse success = operation.getResponses().get("200");
                    if (success != null && has(operation, "cursor")) {
                        describe(success, "Link", "The next page, as rel=\"next\"; not there on the last one");
                    }
                    if (success != null && (path.startsWith("/reco/") || path.endsWith("/reco"))) {
                        OF_RANKINGS.forEach((name, description) -> describe(success, name, description));
                    }
                    ApiResponse unchanged = operation.getResponses().get("304");
                    if (success != null && unchanged != null) {
                        // What would have been sent along with the body is sent without it (RFC 9110, 15.4.5), but
                        // where
                        // the next page begins is known with the body only.
                        Map<String, Header> headers = new LinkedHashMap<>(success.getHeaders());
                        headers.remove("Link");
                        unchanged.setHeaders(headers);
                    }
                    operation.getResponses().forEach((status, response) -> {
                        if (status.startsWith("2") && has(operation, IdempotencyKey.NAME)) {
                            describe(response, "Idempotent-Replayed", "true if it is the first answer given again");
                        }
                        if (response.getDescription().contains("; Location names")) {
                            describe(response, "Location", "The URL of what the answer is about");
                        }
                    });
                }));
    }

    private static boolean has(Operation operation, String parameterName) {
        return operation.getParameters() != null
                && operation.getParameters().stream().anyMatch(parameter -> parameterName.equals(parameter.getName()));
    }

    /** Unless the call describes it itself. */
    private static void describe(ApiResponse response, String name, String description) {
        if (response.getHeaders() == null || !response.getHeaders().containsKey(name)) {
            Schema<String> schema = new StringSchema();
            response.addHeaderObject(name, new Header().description(description).schema(schema));
        }
    }
}
