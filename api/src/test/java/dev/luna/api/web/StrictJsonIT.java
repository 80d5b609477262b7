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

    @Test
    void aWordIsReadAsItIsWritten() {
        for (String type : new String[] {"\" like\"", "\"like \"", "\"LIKE\"", "\"\"", "0", "[\"like\"]"}) {
            Http.Answer refused = http.post(
                    "/venues/00000000-0000-4000-8000-000000000001/interactions",
                    "{\"user_id\": \"00000000-0000-4000-8000-000000000002\", \"interaction_type\": %s}"
                            .formatted(type));
            assertProblem(refused, 400);
            assertThat(refused.detail()).startsWith("interaction_type: must be one of view, interest, like");
        }
    }

    @Test
    void moreThanIsReadIsSaidToBe() {
        Http.Answer number = http.post("/users", "{\"handle\": \"a\", \"age\": %s}".formatted("1".repeat(1001)));
        assertProblem(number, 400);
        assertThat(number.detail())
                .isEqualTo("The body goes beyond what is read: Number value length (1001) exceeds the maximum allowed"
                        + " (1000)");
        Http.Answer nested = http.patch("/users/00000000-0000-4000-8000-000000000001", "{\"age\": " + nested());
        assertProblem(nested, 400);
        assertThat(nested.detail())
                .isEqualTo("The body goes beyond what is read: Document nesting depth (501) exceeds the maximum allowed"
                        + " (500)");
        String lines = "{\"interaction_type\": \"view\"}\n{\"dwell_time\": %s}".formatted("1".repeat(1001));
        Http.Answer inBatch = http.send("POST", "/interactions:batch", lines, "Content-Type", "application/x-ndjson");
        assertProblem(inBatch, 400);
        assertThat(inBatch.json().at("/errors/0/index").asInt()).isEqualTo(1);
    }

    private static String nested() {
        return "[".repeat(600) + "]".repeat(600) + "}";
    }

    @Test
    void whatIsNoJsonIsNotToldInTermsOfALibrary() {
        for (String age : new String[] {"NaN", "-Infinity", "+1", "/* none */ 1", "\u001e1"}) {
            Http.Answer refused =
                    http.post("/users", "{\"handle\": \"a\", \"name\": \"A\", \"age\": %s}".formatted(age));
            assertProblem(refused, 400);
            assertThat(refused.detail())
                    .startsWith("The body is not well-formed JSON: line 1, column ")
                    .doesNotContain("JsonReadFeature", "ALLOW_", "enabl");
        }
    }

    @Test
    void aBodyThatDoesNotSayItsFormIsToldWhichAreRead() {
        for (String form : new String[] {"*/*", "application/*", "text/plain", "garbage", null}) {
            Http.Answer refused = form == null
                    ? http.send("POST", "/users", ADA)
                    : http.send("POST", "/users", ADA, "Content-Type", form);
            assertProblem(refused, 415);
            assertThat(refused.detail()).endsWith("expected application/json");
        }
        Http.Answer batch = http.send("POST", "/interactions:batch", "{}", "Content-Type", "*/*");
        assertProblem(batch, 415);
        assertThat(batch.detail()).isEqualTo("Content-Type is */*; expected application/json or application/x-ndjson");
        assertThat(http.get("/users").json().size()).isZero();
    }
}
