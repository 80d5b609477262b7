package dev.luna.api.docs;

import static org.assertj.core.api.Assertions.assertThat;

import dev.luna.api.web.Http;
import dev.luna.api.web.ServerTest;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** The document names the headers that matter, of requests and of answers. */
class OpenApiHeadersIT extends ServerTest {

    private JsonNode document;

    @BeforeEach
    void readDocument() {
        document = http.get("/openapi.json").json();
    }

    @Test
    void headersThatAreSentAreDescribed() {
        Http.Answer ada = http.post("/users", "{\"handle\": \"ada\", \"name\": \"Ada\"}");
        http.post("/users", "{\"handle\": \"grace\", \"name\": \"Grace\"}");
        Http.Answer bar = http.post("/venues", "{\"name\": \"Bar\", \"lat\": 52.51, \"lng\": 13.41}");
        http.post("/venues", "{\"name\": \"Pier\", \"lat\": 52.5, \"lng\": 13.4}");
        String id = ada.json().path("id").asString();

        assertDescribed(ada, "post", "/users", "Location");
        assertDescribed(bar, "post", "/venues", "Location");
        assertDescribed(http.get("/users?limit=1"), "get", "/users", "Link");
        assertDescribed(http.get("/venues?limit=1"), "get", "/venues", "Link");
        String[] ofRankings = {"Luna-Run", "Luna-Snapshot", "Luna-Source", "Cache-Control", "Vary"};
        Http.Answer venues = http.get("/reco/venues/" + id + "?limit=1");
        assertDescribed(venues, "get", "/reco/venues/{user_id}", "Link");
        assertDescribed(venues, "get", "/reco/venues/{user_id}", ofRankings);
        assertDescribed(http.get("/reco/people/" + id), "get", "/reco/people/{user_id}", ofRankings);
        assertDescribed(
                http.get("/reco/venues/" + id + "/why/" + bar.json().path("id").asString()),
                "get",
                "/reco/venues/{user_id}/why/{venue_id}",
                ofRankings);
        assertDescribed(
                http.post("/reco/venues:batch", "{\"user_ids\": [\"" + id + "\"]}"),
                "post",
                "/reco/venues:batch",
                ofRankings);
        for (String call : List.of("/reco/venues", "/reco/people")) {
            Http.Answer unchanged = http.get(call + "/" + id, "If-None-Match", "*");
            assertThat(unchanged.status()).isEqualTo(304);
            assertDescribed(unchanged, "get", call + "/{user_id}", ofRankings);
            assertThat(document.path("paths")
                            .path(call + "/{user_id}")
                            .at("/get/parameters")
                            .toString())
                    .contains("{\"name\":\"If-None-Match\",\"in\":\"header\"");
            assertThat(headers("get", call + "/{user_id}", "304"))
                    .contains("ETag")
                    .doesNotContain("Link");
        }
        for (String call : List.of("/plans", "/venues/{venue_id}/interactions")) {
            assertThat(headers("post", call, "201")).as(call).contains("Idempotent-Replayed");
        }
        for (String call : List.of("/runs", "/runs/{run_id}/stop", "/runs/{run_id}/restart")) {
            assertThat(headers("post", call, "202")).as(call).contains("Location");
        }
    }

    /** For who compares the documents of two versions. */
    @Test
    void headersAreInTheSameOrderAtEachStart() {
        assertThat(document.at("/paths/~1reco~1group/post/responses/200/headers")
                        .propertyNames())
                .containsExactly("Cache-Control", "Luna-Run", "Luna-Snapshot", "Luna-Source", "Vary");
    }

    @Test
    void whenToTryAgainIsDescribed() {
        for (String call : List.of("/plans", "/venues/{venue_id}/interactions", "/plans/{plan_id}/confirm")) {
            assertThat(headers("post", call, "409")).as(call).contains("Retry-After");
        }
        // What goes on is not kept as the first answer, so it is not given again.
        assertThat(headers("post", "/plans/{plan_id}/confirm", "202"))
                .contains("Retry-After")
                .doesNotContain("Idempotent-Replayed");
        document.path("paths")
                .properties()
                .forEach(path -> path.getValue()
                        .propertyNames()
                        .forEach(method -> assertThat(headers(method, path.getKey(), "503"))
                                .as(path.getKey())
                                .isEqualTo(path.getKey().equals("/health") ? Set.of() : Set.of("Retry-After"))));
    }

    @Test
    void aProviderIsToldHowItProvesItself() {
        JsonNode call = document.at("/paths/~1bookings~1callback/post");

        assertThat(call.path("parameters")).hasSize(2).allSatisfy(header -> {
            assertThat(header.path("required").asBoolean(false)).isTrue();
            assertThat(header.path("schema").has("default")).isFalse();
        });
        assertThat(headers("post", "/bookings/callback", "401")).contains("WWW-Authenticate");
    }

    private void assertDescribed(Http.Answer answer, String method, String path, String... names) {
        for (String name : names) {
            assertThat(answer.header(name)).as(path + " " + name).isPresent();
            assertThat(headers(method, path, Integer.toString(answer.status())))
                    .as(path)
                    .contains(name);
        }
    }

    private Set<String> headers(String method, String path, String status) {
        return new TreeSet<>(document.path("paths")
                .path(path)
                .path(method)
                .path("responses")
                .path(status)
                .path("headers")
                .propertyNames());
    }
}
