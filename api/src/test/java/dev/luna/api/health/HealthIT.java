package dev.luna.api.health;

import static org.assertj.core.api.Assertions.assertThat;

import dev.luna.api.web.Http;
import dev.luna.api.web.ServerTest;
import org.junit.jupiter.api.Test;

class HealthIT extends ServerTest {

    @Test
    void aServerWithoutARunIsHealthy() {
        Http.Answer answer = http.get("/health");

        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.json().path("status").asString()).isEqualTo("healthy");
        assertThat(answer.json().path("service").asString()).isEqualTo("luna");
        assertThat(answer.json().get("published_run").isNull()).isTrue();
    }
}
