package dev.luna.api.reco;

import static org.assertj.core.api.Assertions.assertThat;

import dev.luna.api.web.Http;
import dev.luna.api.web.ServerTest;
import dev.luna.batch.run.Run;
import dev.luna.batch.run.Runs;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.UUID;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import tools.jackson.databind.JsonNode;

/** Each user's part of a batch is what a single read gives. */
class BatchIT extends ServerTest {

    @Autowired
    private Runs runs;

    @Test
    void storedAndLiveUsersGetTheirSingleReadsInTheOrderOfTheQuestion() {
        World.build(jdbc, 31, 14, 70);
        World world = World.read(jdbc);
        Run run = PublishedRuns.publish(runs);
        UUID changed = world.users().get(5);
        like(changed, world.venue(33));
        UUID nobody = UUID.randomUUID();
        List<UUID> asked = new ArrayList<>(world.users());
        Collections.reverse(asked);
        asked.add(3, nobody);

        Http.Answer answer = ask(asked, "\"limit\": 12");

        assertThat(answer.status()).as(answer.text()).isEqualTo(200);
        assertThat(answer.header("Luna-Run")).contains(Long.toString(run.id()));
        assertThat(answer.header("Luna-Source")).contains("live");
        assertThat(answer.json().size()).isEqualTo(asked.size());
        for (int i = 0; i < asked.size(); i++) {
            JsonNode entry = answer.json().path(i);
            assertThat(entry.path("user_id").asString()).isEqualTo(asked.get(i).toString());
            if (asked.get(i).equals(nobody)) {
                assertThat(entry.path("source").isNull()).isTrue();
                assertThat(entry.path("venues").size()).isZero();
            } else {
                Http.Answer single = http.get("/reco/venues/" + asked.get(i) + "?limit=12");
                assertThat(entry.path("venues")).isEqualTo(single.json());
                assertThat(entry.path("source").asString())
                        .isEqualTo(asked.get(i).equals(changed) ? "live" : "run")
                        .isEqualTo(single.header("Luna-Source").orElseThrow());
            }
        }
    }

    /** The table of all runs' rankings, which is locked while one of them is dropped. */
    @Test
    void batchesOfThePublishedRunDoNotReadTheTableOfAllRuns() {
        World.build(jdbc, 36, 8, 40);
        List<UUID> users = World.read(jdbc).users();
        Run run = PublishedRuns.publish(runs);
        Http.Answer before = ask(users, "\"limit\": 12");
        jdbc.sql("alter table venue_ranking detach partition venue_ranking_" + run.id())
                .update();

        Http.Answer after = ask(users, "\"limit\": 12");

        assertThat(after.header("Luna-Source")).contains("run");
        assertThat(after.json()).isEqualTo(before.json());
    }

    @Test
    void filtersAreThoseOfSingleReads() {
        World.build(jdbc, 32, 10, 60);
        World world = World.read(jdbc);
        PublishedRuns.publish(runs);

        for (String[] filter : new String[][] {
            {"\"category\": [\"cafe\"], \"max_price_level\": 2", "category=cafe&max_price_level=2"},
            {"\"min_rating\": 2.5, \"max_distance_km\": 3", "min_rating=2.5&max_distance_km=3"},
            {"\"exclude\": \"visited\"", "exclude=visited"},
            {"\"exclude_venue_id\": [\"" + world.venue(2) + "\"]", "exclude_venue_id=" + world.venue(2)}
        }) {
            Http.Answer answer = ask(world.users(), "\"filters\": {%s}".formatted(filter[0]));
            for (int i = 0; i < world.users().size(); i++) {
                assertThat(answer.json().path(i).path("venues"))
                        .as(filter[1])
                        .isEqualTo(http.get("/reco/venues/" + world.users().get(i) + "?" + filter[1])
                                .json());
            }
        }
    }

    @Test
    void beforeTheFirstRunAllAreLiveAndAllFromOneMoment() {
        World.build(jdbc, 33, 5, 20);
        World world = World.read(jdbc);

        Http.Answer answer = ask(world.users(), "\"limit\": 5");

        assertThat(answer.header("Luna-Run")).contains("none");
        for (int i = 0; i < 5; i++) {
            List<JsonNode> entries = new ArrayList<>();
            answer.json().path(i).path("venues").forEach(entries::add);
            PublishedRuns.assertEntries(
                    "user " + i, entries, "venue_id", world.venues(world.users().get(i), 5));
        }
    }

    @Test
    void whereNobodyExistsAllEntriesAreEmpty() {
        World.build(jdbc, 34, 2, 5);
        UUID nobody = UUID.randomUUID();
        assertNobody(nobody, "none", "live");
        Run run = PublishedRuns.publish(runs);
        assertNobody(nobody, Long.toString(run.id()), "run");
    }

    private void assertNobody(UUID nobody, String run, String source) {
        Http.Answer answer = ask(List.of(nobody, nobody), "\"limit\": 5");

        assertThat(answer.status()).as(answer.text()).isEqualTo(200);
        assertThat(answer.header("Luna-Run")).contains(run);
        assertThat(answer.header("Luna-Snapshot")).isPresent();
        assertThat(answer.header("Luna-Source")).contains(source);
        assertThat(answer.json().size()).isEqualTo(2);
        for (JsonNode entry : answer.json()) {
            assertThat(entry.path("user_id").asString()).isEqualTo(nobody.toString());
            assertThat(entry.get("source").isNull()).isTrue();
            assertThat(entry.path("venues").size()).isZero();
        }
    }

    @Test
    void badQuestionsNameTheField() {
        UUID nobody = UUID.randomUUID();
        assertRefused("{}", 422, "user_ids");
        assertRefused("{\"user_ids\": []}", 422, "user_ids");
        assertRefused("{\"user_ids\": [\"x\"]}", 400, "user_ids[0]");
        assertRefused("{\"user_ids\": [\"%s\"], \"limit\": 101}".formatted(nobody), 422, "limit");
        assertRefused(
                "{\"user_ids\": [\"%s\"], \"filters\": {\"exclude\": \"all\"}}".formatted(nobody),
                422,
                "filters.exclude");
        List<UUID> many = new ArrayList<>();
        for (int i = 0; i < 501; i++) {
            many.add(nobody);
        }
        assertThat(ask(many, "\"limit\": 5").json().at("/errors/0/field").asString())
                .isEqualTo("user_ids");
    }

    private void assertRefused(String body, int status, String field) {
        Http.Answer answer = http.post("/reco/venues:batch", body);
        assertThat(answer.status()).as(answer.text()).isEqualTo(status);
        assertThat(answer.json().at("/errors/0/field").asString()).isEqualTo(field);
    }

    private Http.Answer ask(List<UUID> users, String more) {
        String ids = users.stream().map(id -> "\"" + id + "\"").collect(Collectors.joining(", "));
        return http.post("/reco/venues:batch", "{\"user_ids\": [%s], %s}".formatted(ids, more));
    }
}
