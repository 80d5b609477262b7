package dev.luna.api.health;

import static org.assertj.core.api.Assertions.assertThat;

import dev.luna.api.web.Http;
import dev.luna.api.web.ServerTest;
import dev.luna.batch.run.Runs;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import tools.jackson.databind.JsonNode;

class HealthIT extends ServerTest {

    @Autowired
    private Runs runs;

    @BeforeEach
    void someoneAndSomewhere() {
        http.post("/users", "{\"handle\": \"ada\", \"name\": \"Ada\"}");
        http.post("/venues", "{\"name\": \"Bar\", \"lat\": 1, \"lng\": 2}");
    }

    @Test
    void aServerWithoutARunIsHealthy() {
        Http.Answer answer = http.get("/health");

        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.json().path("status").asString()).isEqualTo("healthy");
        assertThat(answer.json().path("service").asString()).isEqualTo("luna");
        assertThat(answer.json().get("published_run").isNull()).isTrue();
    }

    /** However lately it was published: this is what alerts go by. */
    @Test
    void theAgeOfTheRankingsCountsFromTheirSnapshot() throws InterruptedException {
        long id = run("full");
        jdbc.sql("update run set snapshot_at = snapshot_at - interval '1 hour'").update();

        JsonNode published = http.get("/health").json().path("published_run");

        assertThat(published.path("id").asLong()).isEqualTo(id);
        assertThat(published.path("age_seconds").asDouble()).isGreaterThanOrEqualTo(3600);
        assertThat(published.path("full_age_seconds").asDouble())
                .isEqualTo(published.path("age_seconds").asDouble());
    }

    /** However often refreshes come: without this, full runs could fail for weeks and nobody be told. */
    @Test
    void theAgeOfTheFullRunIsToldBesideThatOfItsRefresh() throws InterruptedException {
        run("full");
        jdbc.sql("update run set snapshot_at = snapshot_at - interval '2 days'").update();
        long refresh = run("refresh");

        JsonNode published = http.get("/health").json().path("published_run");

        assertThat(published.path("id").asLong()).isEqualTo(refresh);
        assertThat(published.path("age_seconds").asDouble()).isLessThan(24 * 3600);
        assertThat(published.path("full_age_seconds").asDouble()).isGreaterThanOrEqualTo(48 * 3600);
    }

    private long run(String kind) throws InterruptedException {
        long id = http.post("/runs", "{\"kind\": \"%s\"}".formatted(kind))
                .json()
                .path("id")
                .asLong();
        runs.await(id, progress -> {});
        return id;
    }
}
