package dev.luna.api.docs;

import static org.assertj.core.api.Assertions.assertThat;

import dev.luna.api.idempotency.IdempotencyKey;
import dev.luna.api.web.Http;
import dev.luna.api.web.ServerTest;
import dev.luna.api.web.SnakeCase;
import io.swagger.v3.parser.OpenAPIV3Parser;
import io.swagger.v3.parser.core.models.SwaggerParseResult;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/**
 * Lints the OpenAPI document: its structure by swagger-parser, and the rules that Spectral's {@code oas} ruleset has for
 * operations, tags, references, statuses and examples.
 */
class OpenApiLintIT extends ServerTest {

    private static final Pattern PATH_PARAMETER = Pattern.compile("\\{([^}]+)}");
    private static final Pattern OPERATION_ID = Pattern.compile("[a-z][A-Za-z]+");
    private static final Set<String> WITHOUT_BODY = Set.of("202", "204", "304");
    private static final Set<String> SELF_EXPLAINING = Set.of("boolean", "array", "object", "integer", "number");

    private final List<String> findings = new ArrayList<>();
    private String text;
    private JsonNode document;

    @BeforeEach
    void readDocument() {
        Http.Answer answer = http.get("/openapi.json");
        text = answer.text();
        document = answer.json();
    }

    @Test
    void theDocumentIsWellFormedOpenApi() {
        SwaggerParseResult result = new OpenAPIV3Parser().readContents(text);

        assertThat(result.getMessages()).isEmpty();
        assertThat(result.getOpenAPI().getPaths()).hasSizeGreaterThan(20);
    }

    @Test
    void theParserFindsWhatIsWrong() {
        String broken = text.replace("\"responses\":", "\"respondes\":");

        assertThat(new OpenAPIV3Parser().readContents(broken).getMessages()).isNotEmpty();
    }

    @Test
    void everyOperationIsCompletelyDescribed() {
        Set<String> tags = new HashSet<>();
        document.path("tags").forEach(tag -> {
            tags.add(tag.path("name").asString());
            require(!tag.path("description").asString("").isBlank(), "tag " + tag + " has no description");
        });
        Set<String> ids = new HashSet<>();
        document.path("paths")
                .properties()
                .forEach(path -> path.getValue().properties().forEach(method -> {
                    String name = method.getKey() + " " + path.getKey();
                    JsonNode operation = method.getValue();
                    String id = operation.path("operationId").asString("");
                    require(OPERATION_ID.matcher(id).matches() && ids.add(id), name + ": operationId " + id);
                    require(!operation.path("summary").asString("").isBlank(), name + " has no summary");
                    require(operation.path("tags").size() == 1, name + " needs one tag");
                    operation.path("tags").forEach(tag -> require(tags.contains(tag.asString()), name + ": " + tag));
                    lintParameters(name, path.getKey(), operation);
                    lintResponses(name, operation.path("responses"));
                }));

        assertThat(findings).isEmpty();
        assertThat(ids).hasSizeGreaterThan(30);
    }

    @Test
    void everyReferenceLeadsSomewhereAndEverySchemaIsUsed() {
        Set<String> used = new TreeSet<>();
        document.findValues("$ref").forEach(reference -> {
            String pointer = reference.asString().substring(1);
            require(!document.at(pointer).isMissingNode(), reference + " leads nowhere");
            used.add(pointer.substring(pointer.lastIndexOf('/') + 1));
        });
        document.at("/components/schemas")
                .propertyNames()
                .forEach(schema -> require(used.contains(schema), "schema " + schema + " is used nowhere"));

        assertThat(findings).isEmpty();
        assertThat(used).contains("Plan", "Booking", "Problem");
    }

    @Test
    void choicesAreSpelledAsTheServerReadsThem() {
        List<JsonNode> choices = document.findValues("enum");

        assertThat(choices).hasSizeGreaterThan(20);
        for (JsonNode choice : choices) {
            assertThat(choice.toString()).isLowerCase();
        }
        assertThat(document.at("/components/schemas/ScoringSettings/properties/positive_types/items/enum")
                        .toString())
                .isEqualTo("[\"view\",\"interest\",\"like\"]");
    }

    @Test
    void whoIsToldThatAFormIsWrongIsToldTheRightOne() {
        assertThat(document.at("/paths/~1runs~1{run_id}~1events/get/responses/406/description")
                        .asString())
                .isEqualTo("Accept asks for something else than text/event-stream");
        assertThat(document.at("/paths/~1runs~1{run_id}/get/responses/406/description")
                        .asString())
                .isEqualTo("Accept asks for something else than JSON");
        assertThat(document.at("/paths/~1interactions:batch/post/responses/415/description")
                        .asString())
                .isEqualTo(
                        "Content-Type is something else than JSON or application/x-ndjson, or there is a Content-Encoding");
        assertThat(document.at("/paths/~1users/post/responses/415/description").asString())
                .isEqualTo("Content-Type is something else than JSON, or there is a Content-Encoding");
    }

    /** Swagger UI leaves them out of the bodies that it proposes, which the server would refuse with both. */
    @Test
    void namesThatExcludeEachOtherAreNotProposedTogether() {
        for (String schema : List.of("InteractionFields", "BatchedInteraction")) {
            JsonNode properties = document.at("/components/schemas/" + schema + "/properties");
            assertThat(properties.at("/dwell_time_seconds/deprecated").asBoolean(false))
                    .as(schema)
                    .isTrue();
            assertThat(properties.path("dwell_time").has("deprecated")).isFalse();
        }
    }

    /** Pressing Execute starts what is proposed. */
    @Test
    void anOrdinaryRunIsProposed() {
        assertThat(document.at("/components/schemas/NewRun/example").toString()).isEqualTo("{\"kind\":\"full\"}");
    }

    @Test
    void everyTextHasAnExampleOrExplainsItself() {
        document.at("/components/schemas")
                .properties()
                .forEach(schema -> schema.getValue()
                        .path("properties")
                        .properties()
                        .forEach(field -> {
                            JsonNode property = field.getValue();
                            boolean explainsItself = property.has("example")
                                    || property.has("examples")
                                    || property.has("enum")
                                    || property.has("format")
                                            && property.path("type").toString().contains("string")
                                    || property.has("$ref")
                                    || property.has("oneOf")
                                    || SELF_EXPLAINING.stream()
                                            .anyMatch(type -> property.path("type")
                                                    .toString()
                                                    .contains(type))
                                    || !property.path("description")
                                            .asString("")
                                            .isBlank();
                            require(explainsItself, schema.getKey() + "." + field.getKey() + " has no example");
                        }));

        assertThat(findings).isEmpty();
    }

    private void lintParameters(String name, String path, JsonNode operation) {
        Set<String> inPath = new TreeSet<>();
        Matcher template = PATH_PARAMETER.matcher(path);
        while (template.find()) {
            inPath.add(template.group(1));
        }
        Set<String> declared = new TreeSet<>();
        operation.path("parameters").forEach(parameter -> {
            String parameterName = parameter.path("name").asString();
            if (parameter.path("in").asString().equals("path")) {
                declared.add(parameterName);
                require(parameter.path("required").asBoolean(), name + ": " + parameterName + " must be required");
            }
            if (!parameter.path("in").asString().equals("header")) {
                require(
                        parameterName.equals(SnakeCase.of(parameterName)),
                        name + ": " + parameterName + " must be in snake case");
            }
            require(
                    !parameter.path("description").asString("").isBlank(),
                    name + ": " + parameterName + " has no description");
            require(parameter.has("schema"), name + ": " + parameterName + " has no schema");
            require(
                    !parameter.has("example") || isOfType(parameter.path("example"), parameter.at("/schema/type")),
                    name + ": " + parameterName + " has an example of another type");
            // Swagger UI sends examples: everybody's requests would have the same key, and be refused or not done.
            require(
                    !parameterName.equals(IdempotencyKey.NAME) || !parameter.has("example"),
                    name + ": " + parameterName + " is proposed");
        });
        require(inPath.equals(declared), name + ": the path names " + inPath + ", the parameters " + declared);
    }

    private static boolean isOfType(JsonNode example, JsonNode type) {
        return switch (type.asString()) {
            case "string" -> example.isString();
            case "array" -> example.isArray();
            case "integer" -> example.isIntegralNumber();
            case "number" -> example.isNumber();
            case "boolean" -> example.isBoolean();
            default -> false;
        };
    }

    private void lintResponses(String name, JsonNode responses) {
        Set<String> statuses = new TreeSet<>(responses.propertyNames());
        require(statuses.stream().anyMatch(status -> status.startsWith("2")), name + " has no success");
        require(statuses.contains("503"), name + " does not say what it answers without a database");
        responses.properties().forEach(response -> {
            String status = response.getKey();
            JsonNode content = response.getValue().path("content");
            require(
                    !response.getValue().path("description").asString("").isBlank(),
                    name + ": " + status + " has no description");
            boolean isUnhealthy = status.equals("503") && name.equals("get /health");
            if ((status.startsWith("4") || status.startsWith("5")) && !isUnhealthy) {
                JsonNode problem = content.path("application/problem+json");
                require(
                        problem.at("/schema/$ref").asString("").endsWith("/Problem"),
                        name + ": " + status + " is no problem");
                require(
                        problem.at("/example/status").asInt(0) == Integer.parseInt(status),
                        name + ": " + status + " has no example of its own");
            } else if (!WITHOUT_BODY.contains(status)) {
                require(content.size() > 0, name + ": " + status + " has no content");
                content.forEach(body -> require(body.has("schema"), name + ": " + status + " has no schema"));
            }
        });
    }

    private void require(boolean holds, String finding) {
        if (!holds) {
            findings.add(finding);
        }
    }
}
