package dev.luna.api.interactions;

import static org.assertj.core.api.Assertions.assertThat;

import dev.luna.api.web.Http;
import dev.luna.api.web.ServerTest;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class InteractionsIT extends ServerTest {

    private String ada;
    private String bar;
    private String path;

    @BeforeEach
    void adaAtABar() {
        ada = http.post("/users", "{\"handle\": \"ada\", \"name\": \"Ada\"}")
                .json()
                .path("id")
                .asString();
        bar = http.post("/venues", "{\"name\": \"Bar\", \"lat\": 1, \"lng\": 2}")
                .json()
                .path("id")
                .asString();
        path = "/venues/" + bar + "/interactions";
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

    @Test
    void aLikeIsTakenBackAndNothingElse() {
        String club = http.post("/venues", "{\"name\": \"Club\", \"lat\": 1, \"lng\": 2}")
                .json()
                .path("id")
                .asString();
        String bob = http.post("/users", "{\"handle\": \"bob\", \"name\": \"Bob\"}")
                .json()
                .path("id")
                .asString();
        for (String type : List.of("like", "like", "interest", "view")) {
            http.post(path, body('"' + type + '"', "\"dwell_time\": 5"));
        }
        like(ada, club);
        like(bob, bar);

        assertThat(http.delete(path + "?user_id=" + ada + "&interaction_type=like")
                        .status())
                .isEqualTo(204);

        assertThat(recorded())
                .containsExactlyInAnyOrder("ada Bar interest", "ada Bar view", "ada Club like", "bob Bar like");
    }

    @Test
    void whatIsNotThereCannotBeTakenBack() {
        http.post(path, body("\"view\"", "\"dwell_time\": 5"));

        Http.Answer answer = http.delete(path + "?user_id=" + ada + "&interaction_type=like");

        assertThat(answer.status()).isEqualTo(404);
        assertThat(answer.detail()).contains("no like", ada);
        assertThat(http.delete(path + "?user_id=" + ada + "&interaction_type=love")
                        .detail())
                .contains("interaction_type", "view, interest, like", "love");
        assertThat(http.delete(path + "?user_id=" + ada).detail()).contains("interaction_type", "needed");
        assertThat(http.delete(path + "?interaction_type=view").detail()).contains("user_id", "needed");
        assertThat(recorded()).containsExactly("ada Bar view");
    }

    private List<String> recorded() {
        return jdbc.sql("""
                        select concat_ws(' ', u.handle, v.name, i.interaction_type)
                        from user_venue_interactions i
                        join users u on u.id = i.user_id
                        join venues v on v.id = i.venue_id
                        """).query(String.class).list();
    }

    private String body(String type, String dwell) {
        return "{\"user_id\": \"%s\", \"interaction_type\": %s, %s}".formatted(ada, type, dwell);
    }
}
