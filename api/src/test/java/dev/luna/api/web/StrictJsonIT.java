package dev.luna.api.web;

import static dev.luna.api.web.ProblemsIT.assertProblem;
import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** Bodies mean what they say, and are refused where they do not, by name or place. */
class StrictJsonIT extends ServerTest {

    private static final String ADA = "{\"handle\": \"ada\", \"name\": \"Ada\", \"age\": 36}";

    @Test
    void aBlankTextIsNoNumber() {
        String ada = http.post("/users", ADA).header("Location").orElseThrow().replaceFirst("http://[^/]*", "");
        for (String blank : new String[] {"", " ", "\\t", "\\u0000"}) {
            Http.Answer refused = http.patch(ada, "{\"age\": \"%s\"}".formatted(blank));
            assertProblem(refused, 400);
            assertThat(refused.detail()).startsWith("age: must be a whole number in the range of the field");

            Http.Answer venue = http.post("/venues", "{\"name\": \"V\", \"lat\": 1, \"lng\": \"%s\"}".formatted(blank));
            assertProblem(venue, 400);
            assertThat(venue.detail()).startsWith("lng: must be a number");
        }
        assertThat(http.get(ada).json().path("age").asInt()).isEqualTo(36);
    }
}
