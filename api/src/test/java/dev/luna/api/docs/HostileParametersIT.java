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

    /** As they stand in the query: no UTF-8. */
    private static final List<String> UNDECODABLE = List.of("%FF", "caf%E9", "%C3", "%ED%A0%80");

    private final List<String> failures = new ArrayList<>();
    private int tried;

    @Test
    void noParameterCanMakeTheServerFail() {
        String user = http.post("/users", "{\"handle\": \"ada\", \"name\": \"Ada\"}")
                .json()
                .path("id")
                .asString();
        http.post("/venues", "{\"name\": \"Bar\", \"lat\": 1, \"lng\": 2}");

        for (var path : http.get("/openapi.json").json().path("paths").properties()) {
            for (var operation : path.getValue().properties()) {
                String method = operation.getKey().toUpperCase(Locale.ROOT);
                for (JsonNode parameter : operation.getValue().path("parameters")) {
                    if (!parameter.path("in").asString().equals("header")) {
                        walk(method, path.getKey(), parameter, user);
                    }
                }
            }
        }

        assertThat(failures).isEmpty();
        assertThat(tried).isGreaterThan(1000);
    }

    private void walk(String method, String path, JsonNode parameter, String user) {
        String name = parameter.path("name").asString();
        if (!parameter.path("in").asString().equals("query")) {
            for (String value : WRONG) {
                String call = filled(path.replace("{" + name + "}", encoded(value)), user);
                // The container refuses a slash within a part without knowing the parts.
                requireRefused(method, call, value.contains("/") || isOfNoRun(name, value) ? "" : name);
            }
            return;
        }
        boolean needsUser =
                List.of("GET /plans", "DELETE /venues/{venue_id}/interactions").contains(method + " " + path)
                        && !name.equals("user_id");
        String without = filled(path, user) + (needsUser ? "?user_id=" + user : "");
        String call = without + (needsUser ? "&" : "?") + name + "=";
        boolean isText = List.of("q", "category").contains(name);
        for (String value : isText ? UNSTORABLE : WRONG) {
            requireRefused(method, call + encoded(value), isOfNoRun(name, value) ? "" : name);
        }
        for (String value : UNDECODABLE) {
            requireRefused(method, call + value, name);
            requireRefused(method, call.replace("?", "?x=%20&") + value, name);
        }
        int withoutIt = send(method, without).status();
        for (String empty : List.of(call, call.substring(0, call.length() - 1), call + "&" + name + "=")) {
            requireStatus(method, empty, withoutIt);
        }
        if (parameter.at("/schema/type").asString().equals("array")) {
            String id = UUID.randomUUID().toString();
            requireStatus(method, call + "&" + name + "=" + (name.equals("state") ? "held" : id), withoutIt);
            if (!isText) {
                requireRefused(method, call + id + "&" + name + "=zz", name);
            }
        } else {
            requireRefused(method, call + "1&" + name + "=1", name);
        }
    }

    /** A number that no run has is not malformed; the problem says that there is no such run. */
    private static boolean isOfNoRun(String name, String value) {
        return List.of("run_id", "against").contains(name) && value.equals("-1");
    }

    private void requireStatus(String method, String call, int status) {
        Http.Answer answer = send(method, call);
        if (answer.status() != status) {
            failures.add("%s %s: not %d but %d %s".formatted(method, call, status, answer.status(), answer.text()));
        }
    }

    /** Refused with a problem that names the parameter. */
    private void requireRefused(String method, String call, String name) {
        Http.Answer answer = send(method, call);
        boolean isRefused = answer.status() >= 400 && answer.status() < 500;
        boolean isProblem = answer.header("Content-Type").orElse("").startsWith("application/problem+json");
        boolean isNamed = answer.json().at("/errors/0/field").asString("").equals(name)
                && answer.detail().startsWith(name + ": ")
                && !answer.detail().contains("[L");
        if (!isRefused || !isProblem || answer.detail().isBlank() || !name.isEmpty() && !isNamed) {
            failures.add("%s %s: %d %s".formatted(method, call, answer.status(), answer.text()));
        }
    }

    private Http.Answer send(String method, String call) {
        tried++;
        return http.send(
                method,
                call,
                method.equals("GET") || method.equals("DELETE") ? null : "{}",
                "Content-Type",
                "application/json");
    }

    private static String encoded(String value) {
        return URLEncoder.encode(value, StandardCharsets.UTF_8).replace("+", "%20");
    }

    private static String filled(String path, String user) {
        return path.replace("{user_id}", user)
                .replaceAll(
                        "\\{(other_user_id|venue_id|plan_id|booking_id)}",
                        UUID.randomUUID().toString())
                .replace("{run_id}", "1");
    }
}
