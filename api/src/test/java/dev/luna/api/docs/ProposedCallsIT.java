package dev.luna.api.docs;

import static org.assertj.core.api.Assertions.assertThat;

import dev.luna.api.web.Http;
import dev.luna.api.web.ServerTest;
import dev.luna.batch.sample.SampleCity;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** What Swagger UI proposes can be executed as it is in the sample city. */
class ProposedCallsIT extends ServerTest {

    private static final JsonMapper JSON = new JsonMapper();

    private JsonNode document;

    @Test
    void whatIsProposedIsDoneInTheSampleCity(@Autowired SampleCity city) {
        assertThat(city.loadIfEmpty()).isTrue();
        document = http.get("/openapi.json").json();
        List<String> done = new ArrayList<>();

        for (Map.Entry<String, JsonNode> path : document.path("paths").properties()) {
            for (Map.Entry<String, JsonNode> operation : path.getValue().properties()) {
                String method = operation.getKey().toUpperCase(Locale.ROOT);
                String url = proposed(path.getKey(), operation.getValue().path("parameters"));
                String call = method + " " + url;
                // Ids of runs, plans and bookings come from other calls, those to change or delete from whoever presses
                // Execute, a provider's signature from the provider. A run would go on in the background.
                if (url.contains("{") || url.equals("/bookings/callback") || call.equals("POST /runs")) {
                    continue;
                }
                JsonNode schema = operation.getValue().at("/requestBody/content/application~1json/schema");
                Http.Answer answer = schema.isMissingNode()
                        ? http.send(method, url, null)
                        : http.send(method, url, proposed(schema).toString(), "Content-Type", "application/json");
                assertThat(answer.status()).as("%s: %s", call, answer.text()).isBetween(200, 204);
                done.add(method + " " + path.getKey());
            }
        }

        assertThat(done)
                .containsExactlyInAnyOrder(
                        "GET /health",
                        "GET /users",
                        "POST /users",
                        "GET /users/{user_id}",
                        "GET /users/{user_id}/friends",
                        "GET /venues",
                        "POST /venues",
                        "GET /venues/{venue_id}",
                        "POST /venues/{venue_id}/interactions",
                        "POST /interactions:batch",
                        "GET /reco/venues/{user_id}",
                        "GET /reco/venues/{user_id}/why/{venue_id}",
                        "POST /reco/venues:batch",
                        "GET /reco/people/{user_id}",
                        "POST /reco/group",
                        "GET /plans",
                        "POST /plans",
                        "GET /runs",
                        "GET /runs/storage");
    }

    /** Whoever presses Execute below an id that is not his loses nothing. */
    @Test
    void nobodyIsProposedToBeDeletedOrChanged() {
        document = http.get("/openapi.json").json();

        for (JsonNode path : document.path("paths")) {
            for (String method : List.of("put", "patch", "delete")) {
                path.path(method)
                        .path("parameters")
                        .forEach(parameter -> assertThat(parameter.has("example"))
                                .as(parameter.toString())
                                .isFalse());
            }
        }
    }

    /** Nor does whoever presses it below his own id change more than a field. */
    @Test
    void oneFieldIsProposedToBeChanged() {
        document = http.get("/openapi.json").json();
        List<String> proposed = new ArrayList<>();

        for (JsonNode path : document.path("paths")) {
            for (JsonNode body : path.at("/patch/requestBody/content")) {
                proposed.add(body.path("example").toString());
            }
        }

        assertThat(proposed)
                .hasSize(6)
                .contains("{\"age\":37}", "{\"rating\":4.6}", "{\"start_time\":\"2099-01-31T21:00:00+01:00\"}");
    }

    private static String proposed(String path, JsonNode parameters) {
        String url = path;
        for (JsonNode parameter : parameters) {
            String name = parameter.path("name").asString();
            if (parameter.has("example")) {
                String example = parameter.path("example").asString();
                url = parameter.path("in").asString().equals("path")
                        ? url.replace("{" + name + "}", example)
                        : url + (url.contains("?") ? "&" : "?") + name + "=" + example;
            }
        }
        return url;
    }

    private JsonNode proposed(JsonNode reference) {
        if (reference.has("items")) {
            return JSON.createArrayNode().add(proposed(reference.path("items")));
        }
        String name = reference.path("$ref").asString();
        JsonNode schema = document.at("/components/schemas/" + name.substring(name.lastIndexOf('/') + 1));
        if (schema.has("example")) {
            return schema.path("example");
        }
        ObjectNode body = JSON.createObjectNode();
        schema.path("properties").properties().forEach(field -> {
            JsonNode property = field.getValue();
            if (property.has("example")) {
                body.set(field.getKey(), property.path("example"));
            } else if (property.has("enum")) {
                body.set(field.getKey(), property.at("/enum/0"));
            } else if (property.has("$ref")) {
                body.set(field.getKey(), proposed(property));
            }
        });
        return body;
    }
}
