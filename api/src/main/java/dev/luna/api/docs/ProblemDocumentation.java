package dev.luna.api.docs;

import io.swagger.v3.oas.models.OpenAPI;
import io.swagger.v3.oas.models.Operation;
import io.swagger.v3.oas.models.PathItem;
import io.swagger.v3.oas.models.media.ArraySchema;
import io.swagger.v3.oas.models.media.Content;
import io.swagger.v3.oas.models.media.IntegerSchema;
import io.swagger.v3.oas.models.media.MediaType;
import io.swagger.v3.oas.models.media.ObjectSchema;
import io.swagger.v3.oas.models.media.Schema;
import io.swagger.v3.oas.models.media.StringSchema;
import io.swagger.v3.oas.models.parameters.Parameter;
import io.swagger.v3.oas.models.responses.ApiResponse;
import io.swagger.v3.oas.models.responses.ApiResponses;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.springdoc.core.customizers.OpenApiCustomizer;
import org.springframework.http.HttpStatus;

/** Says of every call which problems it answers with, and in which form (RFC 9457). */
final class ProblemDocumentation implements OpenApiCustomizer {

    private static final String PROBLEM = "Problem";
    private static final String MEDIA_TYPE = "application/problem+json";

    @Override
    public void customise(OpenAPI document) {
        document.getComponents().addSchemas("InvalidField", invalidField()).addSchemas(PROBLEM, problem());
        document.getPaths().values().forEach(path -> path.readOperationsMap().forEach(ProblemDocumentation::complete));
    }

    private static void complete(PathItem.HttpMethod method, Operation operation) {
        ApiResponses responses = operation.getResponses();
        List<Parameter> parameters = operation.getParameters() == null ? List.of() : operation.getParameters();
        describe(responses, "400", "A parameter or the body cannot be read or is not known; errors names the field");
        if (method != PathItem.HttpMethod.GET) {
            describe(
                    responses,
                    "403",
                    "A page of another origin has a browser ask; only GET, HEAD and OPTIONS are let through");
        }
        // What succeeds without a body does so whatever is accepted.
        if (responses.containsKey("200") || !responses.containsKey("204")) {
            describe(responses, "406", "Accept asks for something else than " + form(contentOf(responses.get("200"))));
        }
        if (parameters.stream().anyMatch(parameter -> "path".equals(parameter.getIn()))) {
            describe(responses, "404", "Nothing has that id");
        }
        if (operation.getRequestBody() != null) {
            describe(responses, "408", "The body comes too slowly");
            describe(responses, "413", "The body is larger than this server reads");
            describe(
                    responses,
                    "415",
                    "Content-Type is something else than "
                            + form(operation.getRequestBody().getContent())
                            + ", or there is a Content-Encoding");
            describe(responses, "422", "The body has values that are not allowed; errors names the fields");
        }
        describe(responses, "421", "Host is not a name of this server");
        describe(
                responses,
                "503",
                "The database does not answer, has no room left, or another transaction holds what the call needs;"
                        + " Retry-After says when to try again");
        responses.forEach((status, response) -> {
            // Who is unhealthy says so in his own words.
            boolean isUnhealthy = status.equals("503") && "health".equals(operation.getOperationId());
            boolean isProblem = (status.startsWith("4") || status.startsWith("5")) && !isUnhealthy;
            if (isProblem && status.equals("503")) {
                response.addHeaderObject("Retry-After", HeaderDocumentation.seconds("When to try again"));
            }
            if (isProblem) {
                response.setContent(new Content()
                        .addMediaType(
                                MEDIA_TYPE,
                                new MediaType()
                                        .schema(new Schema<>().$ref("#/components/schemas/" + PROBLEM))
                                        .example(example(status, response.getDescription()))));
            } else if (status.equals("204") || status.equals("304")) {
                response.setContent(null);
            }
        });
    }

    private static @Nullable Content contentOf(@Nullable ApiResponse response) {
        return response == null ? null : response.getContent();
    }

    /** In which forms a call reads or answers. */
    private static String form(@Nullable Content content) {
        return content == null
                ? "JSON"
                : content.keySet().stream()
                        .map(type -> type.equals("application/json") ? "JSON" : type)
                        .collect(Collectors.joining(" or "));
    }

    private static void describe(ApiResponses responses, String status, String description) {
        responses.putIfAbsent(status, new ApiResponse().description(description));
    }

    private static Map<String, Object> example(String status, String detail) {
        int code = Integer.parseInt(status);
        Map<String, Object> example = new LinkedHashMap<>();
        example.put("title", HttpStatus.valueOf(code).getReasonPhrase());
        example.put("status", code);
        example.put("detail", detail);
        return example;
    }

    private static Schema<?> invalidField() {
        Schema<?> schema = new ObjectSchema()
                .addProperty(
                        "index",
                        new IntegerSchema()
                                .description("which item, from 0, of a body that is a list")
                                .example(3))
                .addProperty("field", new StringSchema().example("home_lat"))
                .addProperty("message", new StringSchema().example("must be less than or equal to 90"))
                .addProperty(
                        "value", new Schema<>().description("what was received").example("95.2"));
        schema.setRequired(List.of("field", "message"));
        return schema;
    }

    private static Schema<?> problem() {
        Schema<?> schema = new ObjectSchema()
                .description("RFC 9457")
                .addProperty("type", new StringSchema().format("uri").description("absent means about:blank"))
                .addProperty("title", new StringSchema().example("Unprocessable Content"))
                .addProperty("status", new IntegerSchema().example(422))
                .addProperty(
                        "detail",
                        new StringSchema().example("home_lat: must be less than or equal to 90, but was 95.2"))
                .addProperty("instance", new StringSchema().example("/users"))
                .addProperty(
                        "errors", new ArraySchema().items(new Schema<>().$ref("#/components/schemas/InvalidField")))
                .addProperty(
                        "state",
                        choice("pending", "booking", "withdrawing", "confirmed", "cancelling", "cancelled")
                                .description("of a plan that does not allow the step")
                                .example("cancelled"))
                .addProperty(
                        "allowed_steps",
                        new ArraySchema()
                                .items(choice(
                                                "change", "invite", "accept", "decline", "leave", "confirm", "cancel",
                                                "delete")
                                        .example("delete"))
                                .description("what that plan allows"))
                .addProperty("booking", new Schema<>().$ref("#/components/schemas/BookingSummary"))
                .addProperty("run", new Schema<>().$ref("#/components/schemas/Run"));
        schema.setAdditionalProperties(true);
        schema.setRequired(List.of("title", "status", "detail"));
        return schema;
    }

    private static Schema<?> choice(String... words) {
        return new StringSchema()._enum(List.of(words));
    }
}
