package dev.luna.api.users;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import dev.luna.api.web.Http;
import dev.luna.api.web.ServerTest;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;
import tools.jackson.databind.JsonNode;

class UsersIT extends ServerTest {

    private static final String ADA = """
            {"handle": "ada", "name": "Ada Lovelace", "age": 36, "home_lat": 52.52, "home_lng": 13.405}
            """;

    @Test
    void aNewUserIsCreatedAndFoundAtItsLocation() {
        Http.Answer created = http.post("/users", ADA);

        assertThat(created.status()).isEqualTo(201);
        String location = created.header("Location").orElseThrow();
        assertThat(location).endsWith("/users/" + created.json().path("id").asString());
        Http.Answer found = http.get("/users/" + created.json().path("id").asString());
        assertThat(found.status()).isEqualTo(200);
        assertThat(found.json()).isEqualTo(created.json());
        assertThat(fields(found.json()))
                .containsExactly("id", "handle", "name", "age", "home_lat", "home_lng", "created_at");
    }

    @Test
    void aHandleBelongsToOneUser() {
        http.post("/users", ADA);

        Http.Answer second = http.post("/users", ADA);

        assertThat(second.status()).isEqualTo(409);
        assertThat(second.detail()).isEqualTo("Handle already taken");
    }

    @Test
    void ageAndHomeAreOptional() {
        Http.Answer created = http.post("/users", """
                {"handle": "nomad", "name": "No Mad"}
                """);

        assertThat(created.status()).isEqualTo(201);
        assertThat(created.json().get("home_lat").isNull()).isTrue();
        assertThat(created.json().get("age").isNull()).isTrue();
    }

    @Test
    void halfAHomeIsRefused() {
        Http.Answer answer = http.post("/users", """
                {"handle": "half", "name": "Half", "home_lat": 1.5}
                """);

        assertThat(answer.status()).isEqualTo(422);
        assertThat(answer.json().at("/errors/0/field").asString()).isEqualTo("home_lng");
    }

    @Test
    void everyBrokenRuleIsNamedInSnakeCaseWithItsValue() {
        Http.Answer answer = http.post("/users", """
                {"handle": " ", "name": "X", "age": 200, "home_lat": 90.5, "home_lng": -181}
                """);

        assertThat(answer.status()).isEqualTo(422);
        assertThat(answer.header("Content-Type").orElseThrow()).startsWith("application/problem+json");
        List<String> named = new ArrayList<>();
        answer.json()
                .path("errors")
                .forEach(error -> named.add(error.path("field").asString()));
        assertThat(named).containsExactly("age", "handle", "home_lat", "home_lng");
        assertThat(answer.detail()).contains("home_lat: must be less than or equal to 90, but was 90.5");
    }

    /** What breaks rules is gathered in no order. */
    @Test
    void brokenRulesOfOneFieldAreNamedInOneOrder() {
        String user = "/users/" + http.post("/users", ADA).json().path("id").asString();
        String twice = "handle: length must be between 1 and 64, but was ''; handle: must not be blank, but was ''";
        for (int i = 0; i < 10; i++) {
            assertThat(http.post("/users", "{\"handle\": \"\", \"name\": \"U\"}")
                            .detail())
                    .isEqualTo(twice);
            assertThat(http.patch(user, "{\"handle\": \"\"}").detail()).isEqualTo(twice);
        }
    }

    @Test
    void lengthsCountCharactersAsTheDatabaseDoes() {
        String most = "\\ud83d\\ude00".repeat(64);

        Http.Answer created = http.post("/users", "{\"handle\": \"%s\", \"name\": \"U\"}".formatted(most));
        Http.Answer tooLong = http.post("/users", "{\"handle\": \"%sx\", \"name\": \"U\"}".formatted(most));

        assertThat(created.status()).as(created.text()).isEqualTo(201);
        assertThat(tooLong.status()).isEqualTo(422);
        assertThat(tooLong.detail()).startsWith("handle: length must be between 1 and 64");
    }

    @Test
    void pagesHoldEveryUserOnceInOrder() {
        List<String> ids = new ArrayList<>();
        for (int i = 0; i < 7; i++) {
            ids.add(http.post("/users", "{\"handle\": \"u%d\", \"name\": \"U\"}".formatted(i))
                    .json()
                    .path("id")
                    .asString());
        }

        List<String> walked = new ArrayList<>();
        String next = "/users?limit=3";
        while (next != null) {
            Http.Answer page = http.get(next);
            assertThat(page.status()).isEqualTo(200);
            assertThat(page.json().size()).isLessThanOrEqualTo(3);
            page.json().forEach(user -> walked.add(user.path("id").asString()));
            next = page.next().orElse(null);
        }

        assertThat(walked).isEqualTo(ids.stream().sorted().toList());
    }

    @Test
    void aFullLastPageHasNoNext() {
        http.post("/users", ADA);

        assertThat(http.get("/users?limit=1").next()).isEmpty();
    }

    @Test
    void searchFindsPrefixesOfHandleAndNameInAnyCase() {
        http.post("/users", ADA);
        http.post("/users", """
                {"handle": "love%", "name": "100% Love"}
                """);

        assertThat(handles("/users?q=AD")).containsExactly("ada");
        assertThat(handles("/users?q=ada%20l")).containsExactly("ada");
        assertThat(handles("/users?q=LOVE%25")).containsExactly("love%");
        assertThat(handles("/users?q=%25")).isEmpty();
        assertThat(handles("/users?q=_da")).isEmpty();
        assertThat(handles("/users?q=")).hasSize(2);
    }

    @Test
    void pagesAreOfOneSearch() {
        http.post("/users", ADA);
        http.post("/users", """
                {"handle": "adam", "name": "Adam"}
                """);

        String all = http.get("/users?limit=1").next().orElseThrow();
        String found = http.get("/users?limit=1&q=ad").next().orElseThrow();

        assertThat(http.get(found).json().size()).isEqualTo(1);
        for (String other : List.of(all + "&q=ad", all + "&q=null", found.replace("q=ad", "q=a"))) {
            Http.Answer refused = http.get(other);
            assertThat(refused.status()).as(other).isEqualTo(400);
            assertThat(refused.detail()).startsWith("cursor: must come from a page of the same list");
        }
    }

    @Test
    void searchKnowsTheCasesOfAllLetters() {
        // Older ones know those that the machine knows.
        assumeThat(jdbc.sql("show server_version_num").query(Integer.class).single())
                .isGreaterThanOrEqualTo(170000);
        http.post("/users", """
                {"handle": "e", "name": "Émile Ångström"}
                """);

        assertThat(handles("/users?q=%C3%A9mile%20%C3%A5")).containsExactly("e");
    }

    @Test
    void searchReadsByIndexAndNotAllUsers(
            @Autowired UserStore store, @Autowired PlatformTransactionManager transactions) {
        jdbc.sql("""
                        insert into users (handle, name)
                        select 'u' || n, md5(n::text) from generate_series(1, 5000) n
                        """).update();
        jdbc.sql("analyze users").update();

        new TransactionTemplate(transactions).executeWithoutResult(status -> {
            assertThat(store.list(null, "U500", 51))
                    .extracting(User::handle)
                    .containsExactlyInAnyOrder("u500", "u5000");
            // Of this transaction. The planner may look up the ends of the other one.
            assertThat(jdbc.sql("""
                                    select indexrelid::regclass::text from pg_index
                                    where indrelid = 'users'::regclass and pg_stat_get_xact_numscans(indexrelid) > 0
                                    """).query(String.class).list())
                    .contains("users_lower_handle_idx", "users_lower_name_idx");
        });
    }

    @Test
    void aChangeKeepsWhatIsAbsentAndClearsWhatIsNull() {
        String path = "/users/" + http.post("/users", ADA).json().path("id").asString();

        Http.Answer changed = http.patch(path, """
                {"age": null, "name": "Ada King"}
                """);

        assertThat(changed.status()).isEqualTo(200);
        assertThat(changed.json().get("age").isNull()).isTrue();
        assertThat(changed.json().path("name").asString()).isEqualTo("Ada King");
        assertThat(changed.json().path("handle").asString()).isEqualTo("ada");
        assertThat(changed.json().path("home_lat").asDouble()).isEqualTo(52.52);
        assertThat(http.get(path).json()).isEqualTo(changed.json());
    }

    @Test
    void aChangeObeysTheRulesOfANewUser() {
        String path = "/users/" + http.post("/users", ADA).json().path("id").asString();

        assertThat(http.patch(path, "{\"name\": null}").status()).isEqualTo(422);
        assertThat(http.patch(path, "{\"home_lng\": null}").status()).isEqualTo(422);
        assertThat(http.patch(path, "{\"age\": 2.7}").status()).isEqualTo(400);
        assertThat(http.patch(path, "{\"agee\": 2}").detail()).contains("agee", "known are", "home_lat");
        assertThat(http.patch(path, "[]").status()).isEqualTo(400);
        assertThat(http.patch(path, "{\"home_lat\": null, \"home_lng\": null}").status())
                .isEqualTo(200);
        assertThat(http.patch("/users/" + UUID.randomUUID(), "{}").status()).isEqualTo(404);
    }

    @Test
    void aChangeCannotTakeAnothersHandle() {
        http.post("/users", ADA);
        String grace = http.post("/users", "{\"handle\": \"grace\", \"name\": \"Grace\"}")
                .json()
                .path("id")
                .asString();

        assertThat(http.patch("/users/" + grace, "{\"handle\": \"ada\"}").status())
                .isEqualTo(409);
    }

    @Test
    void aDeletedUserIsGone() {
        String path = "/users/" + http.post("/users", ADA).json().path("id").asString();

        assertThat(http.delete(path).status()).isEqualTo(204);
        assertThat(http.get(path).status()).isEqualTo(404);
        assertThat(http.delete(path).status()).isEqualTo(404);
    }

    @Test
    void anOrganiserStaysUntilThePlanIsGone() {
        String ada = http.post("/users", ADA).json().path("id").asString();
        jdbc.sql("""
                        with place as (insert into venues (name, lat, lng) values ('Bar', 1, 2) returning id)
                        insert into plans (organizer_id, venue_id, start_time)
                        select ?::uuid, id, now() from place
                        """).param(ada).update();

        Http.Answer refused = http.delete("/users/" + ada);

        assertThat(refused.status()).isEqualTo(409);
        assertThat(refused.detail()).contains("organises 1 plan");
        assertThat(http.get("/users/" + ada).status()).isEqualTo(200);
    }

    private List<String> handles(String path) {
        return StreamSupport.stream(http.get(path).json().spliterator(), false)
                .map(user -> user.path("handle").asString())
                .toList();
    }

    private static List<String> fields(JsonNode object) {
        return List.copyOf(object.propertyNames());
    }
}
