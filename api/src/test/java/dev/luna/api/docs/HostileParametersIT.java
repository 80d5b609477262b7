package dev.luna.api.docs;

import static org.assertj.core.api.Assertions.assertThat;

import dev.luna.api.web.Http;
import dev.luna.api.web.ServerTest;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** Walks every parameter of the OpenAPI document with values that nobody means well with. */
class HostileParametersIT extends ServerTest {

    /** Never right for a number, a boolean, an id, a point or a cursor. */
    private static final List<String> WRONG = List.of(
            "abc",
            "-1",
            "1e999",
            "NaN",
            "99999999999999999999",
            "0x10",
            "1;drop table users",
            "' or 1=1 --",
            "../../etc/passwd",
            "%s%n",
            "{}",
            "☃",
            "00000000-0000-0000-0000-00000000000g",
            "AAAA",
            "a".repeat(4000));

    /** Never right for a text either. */
    private static final List<String> UNSTORABLE = List.of("\0", "a\0b");

    @Test
    void noParameterCanMakeTheServerFail() {
        String user = http.post("/users", "{\"handle\": \"ada\", \"name\": \"Ada\"}")
                .json()
                .path("id")
                .asString();
        http.post("/venues", "{\"name\": \"Bar\", \"lat\": 1, \"lng\": 2}");
        List<String> failures = new ArrayList<>();
        int tried = 0;

        for (var path : http.get("/openapi.json").json().path("paths").properties()) {
            for (var operation : path.getValue().properties()) {
                String method = operation.getKey().toUpperCase(Locale.ROOT);
                for (JsonNode parameter : operation.getValue().path("parameters")) {
                    tried += walk(method, path.getKey(), parameter, user, failures);
                }
            }
        }

        assertThat(failures).isEmpty();
        assertThat(tried).isGreaterThan(300);
    }

    private int walk(String method, String path, JsonNode parameter, String user, List<String> failures) {
        boolean isQuery = parameter.path("in").asString().equals("query");
        boolean isText = isQuery
                && List.of("q", "category").contains(parameter.path("name").asString());
        List<String> values = new ArrayList<>(isText ? List.of() : WRONG);
        if (isQuery) {
            values.addAll(UNSTORABLE);
        }
        for (String value : values) {
            String encoded = URLEncoder.encode(value, StandardCharsets.UTF_8).replace("+", "%20");
            String name = parameter.path("name").asString();
            String call = isQuery
                    ? filled(path, user) + "?" + name + "=" + encoded
                    : filled(path.replace("{" + name + "}", encoded), user);
            Http.Answer answer = http.send(
                    method,
                    call,
                    method.equals("GET") || method.equals("DELETE") ? null : "{}",
                    "Content-Type",
                    "application/json");
            boolean isRefused = answer.status() >= 400 && answer.status() < 500;
            boolean isProblem = answer.header("Content-Type").orElse("").startsWith("application/problem+json");
            if (!isRefused || !isProblem || answer.detail().isBlank()) {
                failures.add("%s %s: %d %s".formatted(method, call, answer.status(), answer.text()));
            }
        }
        return values.size();
    }

    private static String filled(String path, String user) {
        return path.replace("{user_id}", user)
                .replaceAll(
                        "\\{(other_user_id|venue_id|plan_id|booking_id)}",
                        UUID.randomUUID().toString())
                .replace("{run_id}", "1");
    }
}
