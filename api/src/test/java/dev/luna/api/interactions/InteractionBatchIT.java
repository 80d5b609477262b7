package dev.luna.api.interactions;

import static org.assertj.core.api.Assertions.assertThat;

import dev.luna.api.web.Http;
import dev.luna.api.web.ServerTest;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.IntFunction;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

class InteractionBatchIT extends ServerTest {

    private static final String PATH = "/interactions:batch";

    private List<String> people;
    private List<String> places;

    @BeforeEach
    void peopleAndPlaces() {
        people = ids("""
                insert into users (handle, name) select 'u' || i, 'U' from generate_series(1, 40) i returning id
                """);
        places = ids("""
                insert into venues (name, lat, lng) select 'V' || i, 0, 0 from generate_series(1, 30) i returning id
                """);
    }

    @Test
    void anArrayIsRecordedAsAWhole() {
        Http.Answer answer =
                http.post(PATH, "[" + item(0, 0, "like", ", \"dwell_time\": 90") + "," + item(1, 2, "view", "") + "]");

        assertThat(answer.status()).isEqualTo(201);
        assertThat(answer.text()).isEqualTo("{\"recorded\":2}");
        assertThat(jdbc.sql("""
                        select user_id || ' ' || venue_id || ' ' || interaction_type || ' ' || coalesce(dwell_time, -1)
                        from user_venue_interactions
                        """).query(String.class).list())
                .containsExactlyInAnyOrder(
                        people.get(0) + " " + places.get(0) + " like 90",
                        people.get(1) + " " + places.get(2) + " view -1");
    }

    @Test
    void linesAreRecordedAsAWhole() {
        String lines = item(0, 0, "like", "") + "\n" + item(0, 0, "interest", ", \"dwell_time_seconds\": 5") + "\n\n";

        Http.Answer answer = http.send("POST", PATH, lines, "Content-Type", "application/x-ndjson");

        assertThat(answer.status()).isEqualTo(201);
        assertThat(recorded()).isEqualTo(2);
    }

    @Test
    void tenThousandAreTaken() {
        Http.Answer answer = http.post(PATH, batch(new Random(1), 10_000));

        assertThat(answer.status()).as(answer.text()).isEqualTo(201);
        assertThat(recorded()).isEqualTo(10_000);
    }

    @Test
    void aRepeatedBatchIsRecordedOnce() {
        String body = batch(new Random(1), 300);
        String[] headers = {"Content-Type", "application/json", "Idempotency-Key", "k-1"};
        Http.Answer first = http.send("POST", PATH, body, headers);

        Http.Answer again = http.send("POST", PATH, body, headers);

        assertThat(again.status()).isEqualTo(201);
        assertThat(again.text()).isEqualTo(first.text());
        assertThat(again.header("Idempotent-Replayed")).contains("true");
        assertThat(recorded()).isEqualTo(300);
        Http.Answer another = http.send("POST", PATH, batch(new Random(2), 300), headers);
        assertThat(another.status()).isEqualTo(422);
        assertThat(another.json().at("/errors/0/field").asString()).isEqualTo("Idempotency-Key");
    }

    @Test
    void oneMoreThanTenThousandIsNoneAtAll() {
        Http.Answer answer = http.post(PATH, batch(new Random(1), 10_001));

        assertThat(answer.status()).isEqualTo(422);
        assertThat(answer.json().at("/errors/0/index").asInt()).isEqualTo(10_000);
        assertThat(recorded()).isZero();
    }

    @Test
    void unknownUsersAndVenuesAreNamedByIndex() {
        String nobody = UUID.randomUUID().toString();
        String body =
                "[" + item(0, 0, "like", "") + "," + item(1, 0, "like", "").replace(people.get(1), nobody) + ","
                        + item(2, 1, "like", "").replace(places.get(1), nobody) + "]";

        Http.Answer answer =
                http.send("POST", PATH, body, "Content-Type", "application/json", "Idempotency-Key", "k-1");

        assertThat(answer.status()).isEqualTo(422);
        assertThat(errors(answer)).containsExactly("1 user_id " + nobody, "2 venue_id " + nobody);
        assertThat(answer.detail()).contains("item 1: user_id", nobody);
        assertThat(recorded()).isZero();
    }

    @Test
    void valuesThatAreNotAllowedAreNamedByIndexAndField() {
        Http.Answer answer = http.post(
                PATH,
                "[" + item(0, 0, "like", "") + "," + item(1, 0, "like", ", \"dwell_time\": -3") + ",{},"
                        + item(1, 0, "like", ", \"dwell_time\": 1, \"dwell_time_seconds\": 1") + "]");

        assertThat(answer.status()).isEqualTo(422);
        assertThat(errors(answer))
                .containsExactly(
                        "1 dwell_time -3", "2 interaction_type ", "2 user_id ", "2 venue_id ", "3 dwell_time_seconds ");
        assertThat(recorded()).isZero();
    }

    @Test
    void onlyTheFirstOfManyErrorsAreTold() {
        // Three errors each, of which the twentieth is not the last.
        String empty = items(i -> "{}");
        String ofNobody = items(i -> item(i, i, "like", "").replace(people.get(i), new UUID(0, i).toString()));
        String nowhere = items(i -> item(i, i, "like", "").replace(places.get(i), new UUID(0, i).toString()));

        for (String body : List.of(empty, ofNobody, nowhere)) {
            Http.Answer answer = http.post(PATH, body);

            assertThat(answer.status()).isEqualTo(422);
            assertThat(answer.json().path("errors").size()).isEqualTo(20);
            assertThat(answer.detail().split("; ")).hasSize(20);
        }
    }

    private static String items(IntFunction<String> item) {
        return IntStream.range(0, 30).mapToObj(item).collect(Collectors.joining(",", "[", "]"));
    }

    @Test
    void whatCannotBeReadIsNamedByIndexAndField() {
        assertUnreadable("[" + item(0, 0, "like", "") + "," + item(1, 0, "love", "") + "]", "1 interaction_type love");
        assertUnreadable("[" + item(0, 0, "like", "").replace(people.get(0), "x") + "]", "0 user_id x");
        assertUnreadable("[" + item(0, 0, "like", ", \"mood\": 1") + "]", "0 mood ");
        assertUnreadable("[" + item(0, 0, "like", "") + ", {\"user_id\": ]", "1 item ");
    }

    @Test
    void whatIsNoBatchIsRefused() {
        assertThat(http.post(PATH, item(0, 0, "like", "")).detail()).contains("JSON array");
        Http.Answer none = http.post(PATH, "[]");
        assertThat(none.status()).isEqualTo(422);
        assertThat(none.json().at("/errors/0/field").asString()).isEqualTo("item");
        assertThat(http.post(PATH, "").status()).isEqualTo(400);
        assertThat(http.post(PATH, "[" + item(0, 0, "like", "") + "] 7").detail())
                .contains("end");
        assertThat(http.post(PATH, "[3]").status()).isEqualTo(422);
        assertThat(http.send("POST", PATH, "a,b", "Content-Type", "text/csv").status())
                .isEqualTo(415);
        assertThat(recorded()).isZero();
    }

    @Test
    void aBatchMayBeLargerThanOtherBodiesButNotWithoutEnd() {
        String spaces = " ".repeat(300 * 1024);

        assertThat(http.post(PATH, "[" + item(0, 0, "like", "") + spaces + "]").status())
                .isEqualTo(201);
        assertThat(http.post("/users", "{" + spaces + "}").status()).isEqualTo(413);
        assertThat(http.post(PATH, "[" + " ".repeat(5 * 1024 * 1024) + "]").detail())
                .contains("luna.http.max-batch-body-size");
    }

    /** A server that cut the connection would be too early for the answer once in some twenty times. */
    @Test
    void whoeverSendsTooMuchCanReadWhyEveryTime() {
        String tooLarge = "[" + " ".repeat(5 * 1024 * 1024) + "]";

        for (int i = 0; i < 60; i++) {
            assertThat(http.post(PATH, tooLarge).status()).isEqualTo(413);
        }
    }

    @Test
    void batchesOfTheSamePeopleInAnyOrderDoNotBlockOneAnother() throws Exception {
        int batches = 24;
        ExecutorService clients = Executors.newFixedThreadPool(8);
        List<Future<Integer>> answers = new ArrayList<>();
        for (int i = 0; i < batches; i++) {
            String body = batch(new Random(i), 300);
            answers.add(clients.submit(() -> taken(body)));
        }
        for (Future<Integer> answer : answers) {
            assertThat(answer.get()).isEqualTo(201);
        }
        clients.shutdown();

        assertThat(recorded()).isEqualTo(batches * 300);
    }

    /** Sends a batch again, as clients are told to, when it did not have its turn in time. */
    private int taken(String body) {
        int status = http.post(PATH, body).status();
        for (int again = 0; status == 503 && again < 20; again++) {
            status = http.post(PATH, body).status();
        }
        return status;
    }

    private void assertUnreadable(String body, String error) {
        Http.Answer answer = http.post(PATH, body);
        assertThat(answer.status()).as(answer.text()).isEqualTo(400);
        assertThat(errors(answer)).containsExactly(error);
        assertThat(recorded()).isZero();
    }

    /** Index, field and value of each error. */
    private static List<String> errors(Http.Answer answer) {
        List<String> errors = new ArrayList<>();
        for (JsonNode error : answer.json().path("errors")) {
            assertThat(error.path("message").asString()).isNotBlank();
            errors.add("%d %s %s"
                    .formatted(
                            error.path("index").asInt(-1),
                            error.path("field").asString(),
                            error.path("value").asString("")));
        }
        return errors;
    }

    /** Everybody at every place, shuffled. */
    private String batch(Random random, int size) {
        List<String> items = IntStream.range(0, size)
                .mapToObj(i -> item(i % people.size(), i / people.size() % places.size(), "view", ""))
                .collect(Collectors.toList());
        Collections.shuffle(items, random);
        return items.stream().collect(Collectors.joining(",", "[", "]"));
    }

    private String item(int person, int place, String type, String more) {
        return "{\"user_id\": \"%s\", \"venue_id\": \"%s\", \"interaction_type\": \"%s\"%s}"
                .formatted(people.get(person), places.get(place), type, more);
    }

    private int recorded() {
        return jdbc.sql("select count(*) from user_venue_interactions")
                .query(Integer.class)
                .single();
    }

    private List<String> ids(String sql) {
        return jdbc.sql(sql).query(String.class).list();
    }
}
