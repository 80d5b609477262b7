package dev.luna.api.docs;

import static org.assertj.core.api.Assertions.assertThat;

import dev.luna.api.plans.Evening;
import dev.luna.api.web.ServerTest;
import dev.luna.api.web.Wire;
import dev.luna.batch.run.Run;
import dev.luna.batch.run.RunKind;
import dev.luna.batch.run.Runs;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springdoc.core.service.OpenAPIService;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import tools.jackson.databind.JsonNode;

/** The document says what the server does. */
@ExtendWith(OutputCaptureExtension.class)
class OpenApiIT extends ServerTest {

    private static final Set<String> JSON_TYPES_OF_NUMBERS = Set.of("number", "integer");

    @Autowired
    private OpenAPIService openApi;

    private JsonNode document;

    @BeforeEach
    void readDocument() {
        document = http.get("/openapi.json").json();
    }

    @Test
    void makingItSaysNothing(CapturedOutput output) {
        openApi.setCachedOpenAPI(null, Locale.ENGLISH);

        assertThat(http.get("/openapi.json").status()).isEqualTo(200);

        assertThat(output.getAll()).doesNotContain("WARN", "Exception");
    }

    @Test
    void everyCallIsDescribed() {
        List<String> calls = new ArrayList<>();
        document.path("paths")
                .properties()
                .forEach(path ->
                        path.getValue().propertyNames().forEach(method -> calls.add(method + " " + path.getKey())));
        assertThat(calls)
                .containsExactlyInAnyOrder(
                        "get /health",
                        "post /users",
                        "get /users",
                        "get /users/{user_id}",
                        "patch /users/{user_id}",
                        "delete /users/{user_id}",
                        "put /users/{user_id}/friends/{other_user_id}",
                        "delete /users/{user_id}/friends/{other_user_id}",
                        "get /users/{user_id}/friends",
                        "post /venues",
                        "get /venues",
                        "get /venues/{venue_id}",
                        "patch /venues/{venue_id}",
                        "delete /venues/{venue_id}",
                        "post /venues/{venue_id}/interactions",
                        "delete /venues/{venue_id}/interactions",
                        "post /interactions:batch",
                        "post /plans",
                        "get /plans",
                        "get /plans/{plan_id}",
                        "patch /plans/{plan_id}",
                        "put /plans/{plan_id}/participants/{user_id}",
                        "delete /plans/{plan_id}/participants/{user_id}",
                        "post /plans/{plan_id}/participants/{user_id}/accept",
                        "post /plans/{plan_id}/participants/{user_id}/decline",
                        "post /plans/{plan_id}/confirm",
                        "post /plans/{plan_id}/cancel",
                        "delete /plans/{plan_id}",
                        "get /plans/{plan_id}/booking",
                        "get /plans/{plan_id}/reco",
                        "get /bookings/{booking_id}",
                        "post /bookings/callback",
                        "get /reco/venues/{user_id}",
                        "get /reco/venues/{user_id}/why/{venue_id}",
                        "get /reco/people/{user_id}",
                        "post /reco/group",
                        "post /reco/venues:batch",
                        "post /runs",
                        "get /runs",
                        "get /runs/storage",
                        "get /runs/{run_id}",
                        "get /runs/{run_id}/events",
                        "get /runs/{run_id}/diff",
                        "post /runs/{run_id}/stop",
                        "post /runs/{run_id}/restart",
                        "post /runs/{run_id}/publish");
    }

    @Test
    void theExampleOfACheckIsWordedAsChecksAre(@Autowired Runs runs) throws InterruptedException {
        jdbc.sql("insert into users (handle, name) values ('ada', 'Ada')").update();
        jdbc.sql("insert into venues (name, lat, lng) values ('Bar', 1, 2)").update();
        Run run = runs.await(runs.start(RunKind.FULL, "test").id(), progress -> {});

        JsonNode example = document.at("/components/schemas/GateCheck/properties");
        assertThat(run.gate())
                .filteredOn(
                        check -> check.name().equals(example.at("/name/example").asString()))
                .singleElement()
                .satisfies(check -> assertThat(example.at("/detail/example").asString())
                        .isEqualTo(check.detail().replace("1 of 1", "2,000 of 2,000")));
    }

    @Test
    void everyCallSaysHowItSucceeds() {
        assertThat(statuses("post", "/users")).contains("201", "409", "422").doesNotContain("200");
        assertThat(statuses("delete", "/users/{user_id}"))
                .contains("204", "404", "409")
                .doesNotContain("200");
        assertThat(statuses("patch", "/users/{user_id}")).contains("200", "404", "409", "422");
        assertThat(statuses("put", "/users/{user_id}/friends/{other_user_id}")).contains("200", "201", "404");
        assertThat(statuses("post", "/venues/{venue_id}/interactions"))
                .contains("201", "404")
                .doesNotContain("200");
        assertThat(statuses("post", "/interactions:batch")).contains("201", "409", "413");
        assertThat(statuses("post", "/runs")).contains("202", "409").doesNotContain("200");
        assertThat(statuses("get", "/reco/venues/{user_id}")).contains("200", "304", "400", "404");
        assertThat(statuses("get", "/health")).contains("200", "400", "406", "503");
        assertThat(statuses("post", "/reco/group")).contains("200", "404");
        assertThat(statuses("post", "/reco/venues:batch")).contains("200").doesNotContain("404");
        assertThat(statuses("get", "/plans")).contains("200", "404");
    }

    @Test
    void schemasAreWhatIsServed() {
        String ada = http.post("/users", """
                {"handle": "ada", "name": "Ada", "home_lat": 52.5, "home_lng": 13.4}
                """).json().path("id").asString();
        JsonNode grace = http.post("/users", "{\"handle\": \"grace\", \"name\": \"Grace\"}")
                .json();
        JsonNode bar = http.post("/venues", "{\"name\": \"Bar\", \"lat\": 52.51, \"lng\": 13.41}")
                .json();
        JsonNode like = http.post(
                        "/venues/" + bar.path("id").asString() + "/interactions",
                        "{\"user_id\": \"%s\", \"interaction_type\": \"like\"}".formatted(ada))
                .json();
        JsonNode edge = http.put(
                        "/users/" + ada + "/friends/" + grace.path("id").asString(), "{}")
                .json();

        assertServed(grace, "User");
        assertServed(bar, "Venue");
        assertServed(http.get("/venues?near=0,0").json().path(0), "Venue");
        assertServed(like, "Interaction");
        assertServed(edge, "Friend");
        assertServed(http.get("/health").json(), "Health");
        assertServed(http.get("/reco/venues/" + ada).json().path(0), "RecommendedVenue");
        assertServed(http.get("/reco/people/" + ada).json().path(0), "RecommendedCompanion");
        assertServed(http.post("/users", "{\"name\": \"A\"}").json(), "Problem");
        String plan = "/plans/" + new Evening(http).plan(ada);
        http.post(plan + "/cancel", "");
        assertServed(http.post(plan + "/confirm", "").json(), "Problem");
        assertThat(document.at("/components/schemas/Problem/properties").propertyNames())
                .contains("booking", "run");
    }

    @ParameterizedTest
    @CsvSource({"state, dev.luna.api.plans.PlanState", "allowed_steps/items, dev.luna.api.plans.PlanStep"})
    void whatAPlanRefusesWithIsListed(String property, Class<?> type) {
        List<String> words = new ArrayList<>();
        document.at("/components/schemas/Problem/properties/%s/enum".formatted(property))
                .forEach(word -> words.add(word.asString()));

        assertThat(words)
                .containsExactlyElementsOf(Arrays.stream(type.getEnumConstants())
                        .map(constant -> Wire.name((Enum<?>) constant))
                        .toList());
    }

    /** For who compares the documents of two versions. */
    @Test
    void schemasAreInTheSameOrderAtEachStart() {
        assertThat(document.at("/components/schemas").propertyNames()).containsSubsequence("UserChange", "VenueChange");
    }

    @Test
    void requestsNeedOnlyWhatTheServerNeeds() {
        assertThat(required("BatchedInteraction")).containsExactly("interaction_type", "user_id", "venue_id");
        assertThat(required("GroupQuestion")).containsExactly("user_ids");
        assertThat(required("BatchQuestion")).containsExactly("user_ids");
        assertThat(required("ScoringSettings")).isEmpty();
    }

    @Test
    void choicesThatMayBeNullListIt() {
        JsonNode keptOutBy = document.at("/components/schemas/VenueReason/properties/kept_out_by");

        assertThat(keptOutBy.path("type").toString()).contains("null");
        assertThat(keptOutBy.path("enum").valueStream().anyMatch(JsonNode::isNull))
                .isTrue();
    }

    @Test
    void settingsOfARunMayBeAnything() {
        for (String name : List.of("profile", "settings")) {
            assertThat(document.at("/components/schemas/Run/properties/" + name + "/additionalProperties")
                            .asBoolean(false))
                    .as(name)
                    .isTrue();
        }
    }

    private Set<String> required(String schema) {
        Set<String> names = new TreeSet<>();
        document.at("/components/schemas/" + schema + "/required").forEach(name -> names.add(name.asString()));
        return names;
    }

    @Test
    void choicesOfParametersAreListed() {
        assertThat(parameter("/runs", "state").at("/schema/items/enum").toString())
                .isEqualTo("[\"running\",\"stopped\",\"failed\",\"held\",\"completed\"]");
        assertThat(parameter("/runs", "kind").at("/schema/enum").toString()).isEqualTo("[\"full\",\"refresh\"]");
        assertThat(parameter("/plans", "status").at("/schema/enum").toString())
                .isEqualTo("[\"pending\",\"confirmed\",\"cancelled\"]");
        JsonNode strategy = parameter("/plans/{plan_id}/reco", "strategy").path("schema");
        assertThat(strategy.path("enum").toString()).isEqualTo("[\"average\",\"least_misery\",\"fairness\"]");
        assertThat(strategy.path("default").asString()).isEqualTo("average");
    }

    private JsonNode parameter(String path, String name) {
        return document.path("paths")
                .path(path)
                .at("/get/parameters")
                .valueStream()
                .filter(parameter -> parameter.path("name").asString().equals(name))
                .findFirst()
                .orElseThrow();
    }

    /** Same names, the required ones among them, null only where the schema says so, values of the documented types. */
    private void assertServed(JsonNode served, String schema) {
        JsonNode model = document.at("/components/schemas/" + schema);
        assertThat(served.isObject()).as(schema + " " + served).isTrue();
        Set<String> names = new TreeSet<>(served.propertyNames());
        Set<String> documented = new TreeSet<>(model.path("properties").propertyNames());
        assertThat(documented).as(schema).containsAll(names);
        model.path("required").forEach(required -> assertThat(names).as(schema).contains(required.asString()));
        for (String name : names) {
            assertType(served.get(name), model.path("properties").path(name), schema + "." + name);
        }
    }

    private void assertType(JsonNode value, JsonNode property, String name) {
        if (property.has("$ref")
                || property.has("oneOf")
                || property.path("type").isMissingNode()) {
            return;
        }
        List<String> types = new ArrayList<>();
        if (property.path("type").isArray()) {
            property.path("type").forEach(type -> types.add(type.asString()));
        } else {
            types.add(property.path("type").asString());
        }
        String actual = value.isNull()
                ? "null"
                : value.isNumber() ? "number" : value.getNodeType().name().toLowerCase(Locale.ROOT);
        boolean fits = types.contains(actual)
                || actual.equals("number") && types.stream().anyMatch(JSON_TYPES_OF_NUMBERS::contains);
        assertThat(fits).as("%s is %s, documented as %s", name, actual, types).isTrue();
        if (property.has("enum")) {
            List<String> allowed = new ArrayList<>();
            property.path("enum").forEach(constant -> allowed.add(constant.asString()));
            assertThat(allowed).as(name).contains(value.asString());
        }
    }

    private Set<String> statuses(String method, String path) {
        return new TreeSet<>(
                document.path("paths").path(path).path(method).path("responses").propertyNames());
    }
}
