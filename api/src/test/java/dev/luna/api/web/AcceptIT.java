package dev.luna.api.web;

import static dev.luna.api.web.ProblemsIT.assertProblem;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** What a client accepts decides whether it is answered, never what an answer looks like. */
class AcceptIT extends ServerTest {

    @Test
    void answersAreJsonOnly() {
        for (String accept : new String[] {
            "text/csv",
            "garbage",
            "application/yaml",
            "application/problem+json",
            "application/json;q=0",
            "application/json;q=0, */*",
            "text/html, */*;q=0",
            "application/*;q=0, */*"
        }) {
            for (String path : new String[] {"/users", "/health", "/runs/1", "/reco/venues/" + UUID.randomUUID()}) {
                Http.Answer refused = http.get(path, "Accept", accept);
                assertProblem(refused, 406);
                assertThat(refused.detail()).contains("application/json");
            }
        }
        assertProblem(
                http.get("/reco/venues/" + UUID.randomUUID(), "Accept", "*/*", "Accept", "application/json;q=0"), 406);
    }

    @Test
    void successIsJsonWhateverElseAClientReads() {
        for (String accept : new String[] {
            "application/problem+json, application/json",
            "application/yaml, application/json;q=0.1",
            "*/*;q=0, application/json",
            "text/html, application/xhtml+xml, */*;q=0.8",
            "application/*",
            "application/json" + ", */*".repeat(49)
        }) {
            for (String path : new String[] {"/users", "/health", "/runs"}) {
                Http.Answer answer = http.get(path, "Accept", accept);
                assertThat(answer.status()).as(accept).isEqualTo(200);
                assertThat(answer.header("Content-Type").orElseThrow())
                        .as(accept)
                        .isEqualTo("application/json");
            }
        }
    }

    /** Programs compare the sentences, and the documents tell them in English. */
    @Test
    void aLanguageThatIsAskedForChangesNoSentence() {
        String nameless = "{\"handle\": \"ada\", \"name\": \" \"}";

        Http.Answer german = http.send(
                "POST", "/users", nameless, "Content-Type", "application/json", "Accept-Language", "de-DE, de;q=0.9");

        assertProblem(german, 422);
        assertThat(german.detail()).contains("name: must not be blank");
        assertThat(german.text()).isEqualTo(http.post("/users", nameless).text());
    }

    @Test
    void whoCannotReadTheAnswerChangesNothing() {
        String ada = "{\"handle\": \"ada\", \"name\": \"Ada\"}";

        // The framework sorts 50 ranges at most.
        for (String accept : List.of("text/csv", "application/json" + ", */*".repeat(50))) {
            assertProblem(http.send("POST", "/users", ada, "Content-Type", "application/json", "Accept", accept), 406);
        }

        assertThat(http.get("/users").json().size()).isZero();
    }

    /** A client generated from the document asks so: problems are all that such a call answers with. */
    @Test
    void whatAnswersNothingIsDoneForWhoReadsProblemsOnly() {
        String ada = "/users/"
                + http.post("/users", "{\"handle\": \"ada\", \"name\": \"Ada\"}")
                        .json()
                        .path("id")
                        .asString();

        Http.Answer deleted = http.send("DELETE", ada, null, "Accept", "application/problem+json");

        assertThat(deleted.status()).isEqualTo(204);
        assertProblem(http.send("DELETE", ada, null, "Accept", "application/problem+json"), 404);
        JsonNode calls = http.get("/openapi.json").json().path("paths");
        assertThat(calls.at("/~1users~1{user_id}/delete/responses").has("406")).isFalse();
        assertThat(calls.at("/~1users~1{user_id}/get/responses").has("406")).isTrue();
    }

    @Test
    void jsonIsUtf8WhateverCharsetIsAskedFor() {
        String ada = "{\"handle\": \"ada\", \"name\": \"Adélaïde\"}";
        for (String charset : List.of("iso-8859-1", "utf-16", "utf-32", "us-ascii", "utf-8")) {
            String accept = "application/json; charset=" + charset;
            Http.Answer created =
                    http.send("POST", "/users", ada, "Content-Type", "application/json", "Accept", accept);
            assertThat(created.status()).as(charset).isEqualTo(201);
            assertThat(created.header("Content-Type")).contains("application/json");
            assertThat(created.json().path("name").asString()).isEqualTo("Adélaïde");
            String id = created.json().path("id").asString();
            for (String path : List.of("/health", "/reco/venues/" + id, "/reco/people/" + id, "/openapi.json")) {
                Http.Answer answer = http.get(path, "Accept", accept);
                assertThat(answer.status()).as(path).isEqualTo(200);
                assertThat(answer.header("Content-Type")).as(path).contains("application/json");
            }
            http.delete("/users/" + id);
        }
    }

    @Test
    void whoDoesNotAcceptEventsGetsNone() {
        long run = jdbc.sql("""
                        insert into run (kind, state, requested_by, profile, settings)
                        values ('full', 'failed', 'elsewhere', '{}', '{}')
                        returning id
                        """).query(Long.class).single();
        for (String accept : List.of("text/event-stream;q=0", "text/event-stream;q=0, */*", "application/json")) {
            Http.Answer refused = http.get("/runs/" + run + "/events", "Accept", accept);
            assertProblem(refused, 406);
            assertThat(refused.detail()).contains("text/event-stream");
        }
        for (String accept : List.of("text/event-stream; charset=utf-8", "text/*", "application/json;q=0, */*")) {
            Http.Answer events = http.get("/runs/" + run + "/events", "Accept", accept);
            assertThat(events.status()).as(accept).isEqualTo(200);
            assertThat(events.header("Content-Type")).contains("text/event-stream");
        }
    }

    @Test
    void pagesAreServedToEverybody() {
        for (String page : List.of("/", "/docs", "/redoc")) {
            Http.Answer answer = http.get(page, "Accept", "application/json");
            assertThat(answer.status()).as(page).isEqualTo(200);
            assertThat(answer.text()).as(page).startsWith("<!doctype html>");
        }
    }
}
