package dev.luna.api.web;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

class ProblemsIT extends ServerTest {

    @Test
    void unknownPathsAreNotFound() {
        assertProblem(http.get("/nowhere"), 404);
        assertProblem(http.post("/nowhere", "{}"), 404);
    }

    @Test
    void wrongMethodsNameTheRightOnes() {
        Http.Answer answer = http.delete("/users");

        assertProblem(answer, 405);
        assertThat(answer.header("Allow").orElseThrow()).contains("GET", "POST");
        assertThat(answer.detail()).contains("GET", "POST");
    }

    @Test
    void problemsAreNotKeptByCaches() throws IOException {
        assertThat(http.get("/users/" + UUID.randomUUID()).header("Cache-Control"))
                .contains("no-store");
        assertThat(http.get("/runs/999999", "Accept", "text/event-stream").header("Cache-Control"))
                .contains("no-store");
        assertThat(http.get("/users?limit=x").header("Cache-Control")).contains("no-store");
        assertThat(http.get("/users?q=%FF").header("Cache-Control")).contains("no-store");
        assertThat(http.get("/nowhere").header("Cache-Control")).contains("no-store");
        assertThat(raw("GET /%ZZ HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"))
                .containsIgnoringCase("Cache-Control: no-store");
    }

    @Test
    void bodiesAreJsonOnly() {
        assertProblem(http.send("POST", "/users", "handle=ada", "Content-Type", "text/plain"), 415);
        assertProblem(
                http.send("POST", "/users", "handle=ada", "Content-Type", "application/x-www-form-urlencoded"), 415);
        assertProblem(
                http.send("POST", "/users", "handle: ada\nname: Ada\nage: \"12\"", "Content-Type", "application/yaml"),
                415);
        String user = "/users/" + UUID.randomUUID();
        String[] form = {"Content-Type", "application/x-www-form-urlencoded"};
        assertProblem(http.send("PATCH", user, "100% x", form), 415);
        assertProblem(http.send("PUT", user + "/friends/" + UUID.randomUUID(), "100% x", form), 415);
        assertProblem(http.send("DELETE", user, "100% x", form), 404);
    }

    @Test
    void bodiesAreNotDecoded() {
        String ada = "{\"handle\": \"ada\", \"name\": \"Ada\"}";
        String[] json = {"Content-Type", "application/json", "Content-Encoding", "gzip"};

        Http.Answer compressed = http.send("POST", "/users", ada, json);

        assertProblem(compressed, 415);
        assertThat(compressed.detail()).startsWith("Content-Encoding is gzip; ");
        assertThat(compressed.header("Accept-Encoding")).contains("identity");
        for (String plain : List.of("identity", "")) {
            json[3] = plain;
            assertThat(http.send("POST", "/users", ada.replace("ada", "ada" + plain), json)
                            .status())
                    .as(plain)
                    .isEqualTo(201);
        }
    }

    @Test
    void malformedJsonNamesThePlace() {
        Http.Answer answer = http.post("/users", "{\"handle\": \n oops}");

        assertProblem(answer, 400);
        assertThat(answer.detail()).contains("line 2");
        assertThat(http.post("/users", "{").detail())
                .isEqualTo("The body is not well-formed JSON: line 1, column 2: Unexpected end-of-input: expected close"
                        + " marker for Object");
        assertThat(http.post("/users", "{\"name\": \"x\"]").detail())
                .isEqualTo(
                        "The body is not well-formed JSON: line 1, column 13: Unexpected close marker ']': expected '}'");
    }

    @Test
    void bodiesThatAreNoObjectsAreRefused() {
        for (String body : new String[] {"", "null", "[]", "\"x\"", "7", "{} {}"}) {
            assertProblem(http.post("/users", body), 400);
        }
    }

    @Test
    void unknownAndDoubledFieldsAreRefused() {
        assertThat(http.post("/users", "{\"handle\": \"a\", \"nmae\": \"A\"}").detail())
                .contains("nmae", "known are: age, handle, home_lat, home_lng, name");
        assertProblem(http.post("/users", "{\"handle\": \"a\", \"handle\": \"b\", \"name\": \"A\"}"), 400);
    }

    @Test
    void textsThatTheDatabaseCannotStoreAreRefused() {
        assertProblem(http.post("/users", "{\"handle\": \"a\\u0000\", \"name\": \"A\"}"), 400);
        assertProblem(http.post("/users", "{\"handle\": \"a\\ud800\", \"name\": \"A\"}"), 400);
        assertProblem(http.get("/users?q=%00"), 400);
        assertProblem(http.get("/venues?category=a%00"), 400);
    }

    @Test
    void numbersAreNotTexts() {
        assertProblem(http.post("/users", "{\"handle\": 5, \"name\": \"A\"}"), 400);
        assertProblem(http.post("/users", "{\"handle\": \"a\", \"name\": \"A\", \"age\": \"5\"}"), 400);
        assertProblem(http.post("/users", "{\"handle\": \"a\", \"name\": \"A\", \"age\": true}"), 400);
    }

    @Test
    void listsAndObjectsAreAskedForAsSuch() {
        for (String[] callBodyAndDetail : new String[][] {
            {"/reco/group", "{\"user_ids\": \"x\"}", "user_ids: must be a list"},
            {"/reco/venues:batch", "{\"filters\": {\"category\": \"cafe\"}}", "filters.category: must be a list"},
            {"/reco/venues:batch", "{\"filters\": [\"cafe\"]}", "filters: must be an object"},
            {"/runs", "{\"profile\": {\"positive_types\": \"like\"}}", "profile.positive_types: must be a list"},
            {"/runs", "{\"profile\": 1}", "profile: must be an object"}
        }) {
            Http.Answer refused = http.post(callBodyAndDetail[0], callBodyAndDetail[1]);
            assertProblem(refused, 400);
            assertThat(refused.detail()).startsWith(callBodyAndDetail[2]);
        }
    }

    @Test
    void numbersOutOfRangeNameTheField() {
        for (String age : new String[] {"3000000000", "99999999999999999999", "1e400"}) {
            Http.Answer answer = http.post("/users", "{\"handle\": \"a\", \"name\": \"A\", \"age\": " + age + "}");

            assertProblem(answer, 400);
            assertThat(answer.detail()).startsWith("age: must be a whole number in the range of the field");
        }
    }

    @Test
    void readingEndsAtTheFirstNullOfAList() {
        for (String field : new String[] {"user_ids", "participants"}) {
            String call = field.equals("user_ids") ? "/reco/group" : "/plans";

            Http.Answer answer = http.post(call, "{\"%s\": [null%s]}".formatted(field, ",null".repeat(50_000)));

            assertProblem(answer, 400);
            assertThat(answer.detail())
                    .isEqualTo(field + "[0]: must be a UUID such as " + "00000000-0000-4000-8000-000000000001");
        }
    }

    @Test
    void malformedIdsAreNamed() {
        for (String id : new String[] {"abc", "1-1-1-1-1", "00000000-0000-4000-8000-00000000000g", "%20"}) {
            Http.Answer answer = http.get("/users/" + id);
            assertProblem(answer, 400);
            assertThat(answer.json().at("/errors/0/field").asString()).isEqualTo("user_id");
        }
    }

    @Test
    void unknownParametersAreRefusedNamingTheKnownOnes() {
        Http.Answer list = http.get("/users?limitt=5");
        assertProblem(list, 400);
        assertThat(list.detail()).contains("limitt", "known are: cursor, limit, q");
        assertThat(http.get("/users/" + UUID.randomUUID() + "?verbose=1").detail())
                .contains("takes none");
    }

    @Test
    void queriesThatCannotBeReadNameTheParameter() throws IOException {
        Http.Answer latin = http.get("/venues?limit=2&category=caf%E9");
        assertProblem(latin, 400);
        assertThat(latin.detail()).isEqualTo("category: must be percent-encoded UTF-8, but was 'caf%E9'");
        assertThat(latin.json().path("instance").asString()).isEqualTo("/venues");
        for (String query : new String[] {"=", "=x", "limit=2&=x", "%FF=x", "%00=x"}) {
            Http.Answer nameless = http.get("/venues?" + query);
            assertProblem(nameless, 400);
            assertThat(nameless.json().at("/errors/0/field").asString()).isEqualTo("(name)");
        }
        for (String value : new String[] {"%", "%4", "%ZZ", "a%4Z"}) {
            assertThat(raw("GET /venues?category=" + value
                            + " HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"))
                    .startsWith("HTTP/1.1 400")
                    .contains("category: must be percent-encoded UTF-8, but was '" + value + "'");
        }
    }

    @Test
    void parametersWithoutAValueAreAbsentButMustBeKnown() {
        for (String query : new String[] {"cursor=", "kind=", "state=", "state", "limit=&limit=5", "&&limit=5&"}) {
            assertThat(http.get("/runs?" + query).status()).as(query).isEqualTo(200);
        }
        assertThat(http.get("/runs?stat=").detail()).contains("stat: is not a known parameter");
        assertThat(http.get("/plans?user_id=").detail()).isEqualTo("user_id: is needed");
    }

    @Test
    void moreParametersThanTheContainerReadsAreRefused() {
        Http.Answer refused = http.get("/users?limit=5" + "&q=a".repeat(1000));

        assertProblem(refused, 400);
        assertThat(refused.detail()).contains("up to 1000 parameters");
    }

    @Test
    void parametersAndFiltersThatAreNotAllowedAreNamedTogether() {
        Http.Answer refused = http.get("/reco/venues/" + UUID.randomUUID() + "?limit=0&max_price_level=9&exclude=all");

        assertProblem(refused, 400);
        assertThat(refused.json().path("detail").asString())
                .isEqualTo(
                        "limit: must be greater than or equal to 1, but was 0; exclude: must be visited, but was 'all'; "
                                + "max_price_level: must be less than or equal to 4, but was 9");
    }

    @Test
    void bodiesOfCallsWithParametersNameTheirFieldsToo() {
        Http.Answer body = http.post("/plans", "{}");
        assertProblem(body, 422);
        assertThat(body.detail())
                .isEqualTo("organizer_id: must not be null; start_time: must not be null; venue_id: must not be null");
        Http.Answer parameter = http.post("/plans?invite_top=-1", "{}");
        assertProblem(parameter, 400);
        assertThat(parameter.json().path("errors").size()).isEqualTo(1);
        assertThat(parameter.detail()).startsWith("invite_top: ");
    }

    @Test
    void bodiesBeyondTheLimitAreNotRead() {
        String large = "{\"handle\": \"a\", \"name\": \"" + "x".repeat(300 * 1024) + "\"}";

        assertProblem(http.post("/users", large), 413);
        assertProblem(http.post("/users;:batch", large), 413);
    }

    @Test
    void aRefusalDoesNotWaitForTheBody() throws IOException {
        try (Socket socket = new Socket("127.0.0.1", port())) {
            socket.setSoTimeout(5000);
            String begun = "POST /users HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
                    + "Content-Length: 10000000\r\n\r\n{";
            socket.getOutputStream().write(begun.getBytes(StandardCharsets.US_ASCII));

            byte[] status = socket.getInputStream().readNBytes(12);

            assertThat(new String(status, StandardCharsets.US_ASCII)).isEqualTo("HTTP/1.1 413");
        }
    }

    @Test
    @ExtendWith(OutputCaptureExtension.class)
    void clientsWhoGoWhileTheySendAreNoNews(CapturedOutput output) throws IOException {
        try (Socket socket = new Socket("127.0.0.1", port())) {
            String begun = "POST /users HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
                    + "Content-Length: 100\r\n\r\n{";
            socket.getOutputStream().write(begun.getBytes(StandardCharsets.US_ASCII));
            socket.shutdownOutput();

            // The connection ends when the call is over.
            socket.getInputStream().readAllBytes();
        }

        assertThat(output.getAll()).doesNotContain("ProblemAdvice");
    }

    @Test
    void bodiesOfUnknownLengthStopAtTheLimit() throws IOException {
        StringBuilder request = new StringBuilder(
                "POST /users HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nContent-Type: application/json\r\n"
                        + "Transfer-Encoding: chunked\r\n\r\n");
        String chunk = "a".repeat(0x8000);
        request.append("b\r\n{\"handle\":\"\r\n");
        for (int i = 0; i < 10; i++) {
            request.append("8000\r\n").append(chunk).append("\r\n");
        }
        request.append("0\r\n\r\n");

        assertThat(raw(request.toString())).startsWith("HTTP/1.1 413").contains("application/problem+json");
    }

    @Test
    void pathsThatBeginWithSlashesAreToldWithOne() throws IOException {
        String end = " HTTP/1.1\r\nConnection: close\r\nHost: ";
        for (String name : new String[] {"", "nowhere"}) {
            assertThat(raw("GET //" + name + end + "luna.elsewhere\r\n\r\n"))
                    .startsWith("HTTP/1.1 421")
                    .contains("\"instance\":\"/" + name + "\"");
        }
        assertThat(raw("DELETE //" + end + "localhost\r\n\r\n"))
                .startsWith("HTTP/1.1 405")
                .contains("\"instance\":\"/\"");
    }

    @Test
    void aTrailingSlashIsAccepted() {
        assertThat(http.get("/users/").status()).isEqualTo(200);
        assertThat(http.get("/venues/?limit=1").status()).isEqualTo(200);
        assertThat(http.post("/users/", "{\"handle\": \"slash\", \"name\": \"S\"}")
                        .status())
                .isEqualTo(201);
        assertThat(http.get("/health/").status()).isEqualTo(200);
        assertThat(http.get("/docs/").status()).isEqualTo(200);
    }

    @Test
    void headIsGetWithoutABody() {
        Http.Answer answer = http.send("HEAD", "/users", null);

        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.text()).isEmpty();
    }

    static void assertProblem(Http.Answer answer, int status) {
        assertThat(answer.status()).as(answer.text()).isEqualTo(status);
        assertThat(answer.header("Content-Type").orElseThrow()).startsWith("application/problem+json");
        assertThat(answer.json().path("status").asInt()).isEqualTo(status);
        assertThat(answer.json().path("title").asString()).isNotBlank();
        assertThat(answer.detail()).isNotBlank();
    }
}
