package dev.luna.api.plans;

import static org.assertj.core.api.Assertions.assertThat;

import dev.luna.api.web.Http;
import java.time.Instant;
import java.time.temporal.ChronoUnit;

/** People, a place and plans, made over HTTP. */
public final class Evening {

    private final Http http;
    private final String bar;

    public Evening(Http http) {
        this.http = http;
        this.bar = venue("Bar");
    }

    public String user(String handle) {
        return id(http.post("/users", "{\"handle\": \"%s\", \"name\": \"%s\"}".formatted(handle, handle)));
    }

    public String venue(String name) {
        return id(http.post("/venues", "{\"name\": \"%s\", \"lat\": 1, \"lng\": 2}".formatted(name)));
    }

    public String bar() {
        return bar;
    }

    /** A plan of tomorrow in the bar. */
    public String plan(String organizer, String... invited) {
        return id(http.post("/plans", body(organizer, tomorrow(), invited)));
    }

    public String body(String organizer, String startTime, String... invited) {
        String others = invited.length == 0 ? "" : "\"" + String.join("\", \"", invited) + "\"";
        return """
                {"organizer_id": "%s", "venue_id": "%s", "start_time": "%s", "participants": [%s]}
                """.formatted(organizer, bar, startTime, others);
    }

    public static String tomorrow() {
        return Instant.now()
                .plus(1, ChronoUnit.DAYS)
                .truncatedTo(ChronoUnit.SECONDS)
                .toString();
    }

    private static String id(Http.Answer created) {
        assertThat(created.status()).as(created.text()).isEqualTo(201);
        return created.json().path("id").asString();
    }
}
