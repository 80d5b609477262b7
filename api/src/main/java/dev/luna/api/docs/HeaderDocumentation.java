package dev.luna.api.docs;

import dev.luna.api.idempotency.IdempotencyKey;
import io.swagger.v3.oas.models.OpenAPI;
import io.swagger.v3.oas.models.Operation;
import io.swagger.v3.oas.models.headers.Header;
import io.swagger.v3.oas.models.media.IntegerSchema;
import io.swagger.v3.oas.models.media.StringSchema;
import io.swagger.v3.oas.models.parameters.HeaderParameter;
import io.swagger.v3.oas.models.responses.ApiResponse;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.springdoc.core.customizers.OpenApiCustomizer;

/**
 * Says which headers requests and answers have, where many calls have the same: of pages, of new things, of what may be
 * repeated, and of all rankings.
 */
final class HeaderDocumentation implements OpenApiCustomizer {

    /** Sorted, so that the document is the same at each start. */
    private static final Map<String, Header> OF_RANKINGS = new TreeMap<>(Map.of(
            "Luna-Run", text("The run whose ranking, or whose popularity and profile, it is; none before the first"),
            "Luna-Snapshot",
                    text("The moment whose inputs the run ranks").schema(new StringSchema().format("date-time")),
            "Luna-Source",
                    text("run: as stored by the run. live: scored for this request")
                            .schema(new StringSchema()._enum(List.of("run", "live"))),
            "Cache-Control",
                    text("How long caches may repeat it: no-cache while that is not known, no-store without an ETag"),
            "Vary", text("Accept-Encoding")));

    @Override
    public void customise(OpenAPI document) {
        document.getPaths()
                .forEach((path, item) -> item.readOperations().forEach(operation -> {
                    ApiResponse success = operation.getResponses().get("200");
                    if (success != null && has(operation, "cursor")) {
                        describe(success, "Link", "The next page, as rel=\"next\"; not there on the last one");
                    }
                    if (success != null && (path.startsWith("/reco/") || path.endsWith("/reco"))) {
                        OF_RANKINGS.forEach(success::addHeaderObject);
                    }
                    ApiResponse unchanged = operation.getResponses().get("304");
                    if (success != null && unchanged != null) {
                        operation.addParametersItem(new HeaderParameter()
                                .name("If-None-Match")
                                .description("The ETags of the answers that the client has, or * for any")
                                .schema(new StringSchema()));
                        describe(success, "ETag", "On answers that do not depend on what the user just did");
                        // What goes along with the body is sent without it too (RFC 9110, 15.4.5), but where the
                        // next page begins is known with the body only.
                        Map<String, Header> headers = new LinkedHashMap<>(success.getHeaders());
                        headers.remove("Link");
                        unchanged.setHeaders(headers);
                    }
                    operation.getResponses().forEach((status, response) -> {
                        // 202 is not kept, so it is not given again.
                        boolean isKept = status.startsWith("2") && !status.equals("202");
                        if (isKept && has(operation, IdempotencyKey.NAME)) {
                            describe(response, "Idempotent-Replayed", "true if it is the first answer given again");
                        }
                        if (status.equals("409") && has(operation, IdempotencyKey.NAME)) {
                            response.addHeaderObject(
                                    "Retry-After", seconds("While the first request with the key is being worked on"));
                        }
                        if (status.equals("401")) {
                            describe(response, "WWW-Authenticate", "The header that has to prove who sends");
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

    private static void describe(ApiResponse response, String name, String description) {
        response.addHeaderObject(name, text(description));
    }

    static Header seconds(String description) {
        return new Header().description(description + ", in seconds").schema(new IntegerSchema());
    }

    private static Header text(String description) {
        return new Header().description(description).schema(new StringSchema());
    }
}
