package dev.luna.api.web;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class UncachedAnswersIT extends ServerTest {

    @Test
    void whatMayChangeAtAnyMomentIsNotKeptByCaches() {
        String ada = http.post("/users", "{\"handle\": \"ada\", \"name\": \"Ada\"}")
                .json()
                .path("id")
                .asString();

        for (String path : List.of(
                "/users",
                "/users/" + ada,
                "/users/" + ada + "/friends",
                "/venues",
                "/plans?user_id=" + ada,
                "/runs",
                "/runs/storage",
                "/openapi.json",
                "/health")) {
            assertThat(http.get(path).header("Cache-Control")).as(path).contains("no-store");
        }
    }
}
