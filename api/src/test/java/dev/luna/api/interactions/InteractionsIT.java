package dev.luna.api.interactions;

import static org.assertj.core.api.Assertions.assertThat;

import dev.luna.api.web.Http;
import dev.luna.api.web.ServerTest;
import java.util.UUID;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class InteractionsIT extends ServerTest {

    private String ada;
    private String path;

    @BeforeEach
    void adaAtABar() {
        ada = http.post("/users", "{\"handle\": \"ada\", \"name\": \"Ada\"}")
                .json()
                .path("id")
                .asString();
        path = "/venues/"
                + http.post("/venues", "{\"name\": \"Bar\", \"lat\": 1, \"lng\": 2}")
                        .json()
                        .path("id")
                        .asString()
                + "/interactions";
    }

    @Test
    void aLikeIsRecorded() {
        Http.Answer answer = http.post(path, body("\"like\"", "\"dwell_time\": 120"));

        assertThat(answer.status()).isEqualTo(201);
        assertThat(answer.json().propertyNames())
                .containsExactly("id", "user_id", "venue_id", "interaction_type", "dwell_time", "created_at");
        assertThat(answer.json().path("interaction_type").asString()).isEqualTo("like");
        assertThat(answer.json().path("dwell_time").asInt()).isEqualTo(120);
    }

    @Test
    void dwellTimeHasAnAliasAndIsOptional() {
        assertThat(http.post(path, body("\"view\"", "\"dwell_time_seconds\": 7"))
                        .json()
                        .path("dwell_time")
                        .asInt())
                .isEqualTo(7);
        assertThat(http.post(path, body("\"view\"", "\"dwell_time\": null")).status())
                .isEqualTo(201);
        assertThat(http.post(path, body("\"view\"", "\"dwell_time\": 7, \"dwell_time_seconds\": 7"))
                        .status())
                .isEqualTo(422);
    }

    @Test
    void typesAreStrict() {
        assertThat(http.post(path, body("\"love\"", "\"dwell_time\": 1")).detail())
                .contains("interaction_type", "view, interest, like", "love");
        assertThat(http.post(path, body("\"LIKE\"", "\"dwell_time\": 1")).status())
                .isEqualTo(400);
        assertThat(http.post(path, body("2", "\"dwell_time\": 1")).status()).isEqualTo(400);
        assertThat(http.post(path, body("null", "\"dwell_time\": 1")).status()).isEqualTo(422);
        assertThat(http.post(path, body("\"like\"", "\"dwell_time\": 2.7")).detail())
                .contains("dwell_time", "whole number");
        assertThat(http.post(path, body("\"like\"", "\"dwell_time\": -1")).status())
                .isEqualTo(422);
        assertThat(http.post(path, body("\"like\"", "\"dwell_time\": 3000000000"))
                        .status())
                .isEqualTo(400);
    }

    @Test
    void unknownIdsAreNotFound() {
        String nobody = UUID.randomUUID().toString();

        assertThat(http.post(path, "{\"user_id\": \"%s\", \"interaction_type\": \"like\"}".formatted(nobody))
                        .detail())
                .contains("user", nobody);
        assertThat(http.post("/venues/" + nobody + "/interactions", body("\"like\"", "\"dwell_time\": 1"))
                        .status())
                .isEqualTo(404);
    }

    private String body(String type, String dwell) {
        return "{\"user_id\": \"%s\", \"interaction_type\": %s, %s}".formatted(ada, type, dwell);
    }
}
