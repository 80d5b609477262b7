package dev.luna.api.runs;

import static org.assertj.core.api.Assertions.assertThat;

import dev.luna.api.web.Http;
import dev.luna.api.web.ServerTest;
import dev.luna.batch.run.Run;
import dev.luna.batch.run.RunState;
import dev.luna.batch.run.Runs;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.beans.factory.annotation.Autowired;

class RunsIT extends ServerTest {

    @Autowired
    private Runs runs;

    @BeforeEach
    void someoneAndSomewhere() {
        http.post("/users", "{\"handle\": \"ada\", \"name\": \"Ada\"}");
        http.post("/venues", "{\"name\": \"Bar\", \"lat\": 1, \"lng\": 2}");
    }

    @ParameterizedTest
    @ValueSource(strings = {"users", "venues"})
    void withoutPeopleOrPlacesThereIsNothingToRank(String missing) {
        jdbc.sql("delete from " + missing).update();

        Http.Answer refused = http.post("/runs", "{}");

        assertThat(refused.status()).isEqualTo(409);
        assertThat(refused.detail()).contains("nothing to rank", "luna import");
    }

    @Test
    void aStartedRunEndsPublished() throws InterruptedException {
        Http.Answer started = http.post("/runs", "{\"kind\": \"full\"}");

        assertThat(started.status()).isEqualTo(202);
        long id = started.json().path("id").asLong();
        assertThat(started.header("Location").orElseThrow()).endsWith("/runs/" + id);
        awaitEnd(id);
        Http.Answer ended = http.get("/runs/" + id);
        assertThat(ended.json().path("state").asString()).isEqualTo("completed");
        assertThat(ended.json().path("phase").asString()).isEqualTo("done");
        assertThat(ended.json().path("published").asBoolean()).isTrue();
        assertThat(ended.json().path("requested_by").asString()).isEqualTo("api");
        assertThat(ended.json().at("/progress/users_done").asLong()).isEqualTo(1);
        assertThat(ended.json().at("/counts/venues").asLong()).isEqualTo(1);
        assertThat(ended.json().path("checksum").asString()).matches("[0-9a-f]{16}");
        assertThat(ended.json().at("/profile/spatial_weight").asDouble()).isEqualTo(0.4);
        assertThat(ended.json().path("sentence").asString()).isNotBlank();
        Http.Answer health = http.get("/health");
        assertThat(health.json().at("/published_run/id").asLong()).isEqualTo(id);
    }

    @Test
    void aRunMayScoreByAnotherProfile() throws InterruptedException {
        Http.Answer started =
                http.post("/runs", "{\"profile\": {\"spatial_weight\": 0.7, \"positive_types\": [\"like\"]}}");

        assertThat(started.status()).as(started.text()).isEqualTo(202);
        assertThat(started.json().at("/profile/spatial_weight").asDouble()).isEqualTo(0.7);
        assertThat(started.json().at("/profile/positive_types").toString()).isEqualTo("[\"like\"]");
        assertThat(started.json().at("/profile/preference_weight").asDouble()).isEqualTo(0.4);
        awaitEnd(started.json().path("id").asLong());

        Http.Answer negative = http.post("/runs", "{\"profile\": {\"spatial_weight\": -1}}");
        assertThat(negative.status()).isEqualTo(422);
        assertThat(negative.detail())
                .isEqualTo(
                        "profile.spatial_weight: spatial_weight is -1.0; expected a number of at least 0 and at most 1.0E9");
        assertThat(http.post("/runs", "{\"profile\": {\"decay_per_km\": 1e999}}")
                        .detail())
                .startsWith("profile.decay_per_km: decay_per_km is Infinity; expected");
        assertThat(http.post("/runs", "{\"profile\": {\"positive_types\": []}}").detail())
                .isEqualTo(
                        "profile.positive_types: positive_types is empty; name at least one of [view, interest, like]");
        assertThat(negative.json().at("/errors/0/field").asString()).isEqualTo("profile.spatial_weight");
        assertThat(http.post("/runs", "{\"profile\": {\"weight\": 1}}").status())
                .isEqualTo(400);
    }

    @Test
    void aRunTellsOfItsPartitions() throws InterruptedException {
        long id = http.post("/runs", "{}").json().path("id").asLong();
        awaitEnd(id);

        assertThat(http.get("/runs/" + id).json().path("partitions").toString())
                .isEqualTo("[{\"partition\":0,\"users_done\":1,\"users_total\":1}]");
        assertThat(http.get("/runs").json().path(0).has("partitions")).isFalse();
    }

    @Test
    void storageIsToldAhead() throws InterruptedException {
        awaitEnd(http.post("/runs", "{}").json().path("id").asLong());

        Http.Answer storage = http.get("/runs/storage");

        assertThat(storage.json().path("runs").asInt()).isEqualTo(1);
        assertThat(storage.json().path("keep_runs").asInt()).isEqualTo(3);
        assertThat(storage.json().path("expected_bytes").asLong())
                .isEqualTo(storage.json().path("bytes_per_user").asLong() * 6)
                .isPositive();
    }

    @Test
    void eventsTellOfARunUntilItEnds() throws InterruptedException {
        long id = http.post("/runs", "{}").json().path("id").asLong();

        // The stream ends with the run, so that this returns.
        Http.Answer events = http.get("/runs/" + id + "/events");

        assertThat(events.status()).isEqualTo(200);
        assertThat(events.header("Content-Type").orElseThrow()).startsWith("text/event-stream");
        List<String> last =
                events.text().lines().filter(line -> !line.isEmpty()).toList();
        assertThat(last).contains("event:run");
        assertThat(last.get(last.size() - 1)).startsWith("data:{\"id\":" + id).contains("\"state\":\"completed\"");
        assertThat(last).contains("retry:2000");
        // A browser comes back when the stream ends; 204 tells it that it has the end already.
        String end = last.stream()
                .filter(line -> line.startsWith("id:completed-"))
                .findFirst()
                .orElseThrow();
        Http.Answer back = http.get("/runs/" + id + "/events", "Last-Event-ID", end.substring(3));
        assertThat(back.status()).isEqualTo(204);
        assertThat(back.header("Cache-Control")).contains("no-store");
        assertThat(http.get("/runs/" + id + "/events", "Last-Event-ID", "running-0")
                        .text())
                .contains(end, "\"state\":\"completed\"");
        assertThat(http.get("/runs/999999/events").status()).isEqualTo(404);
        awaitEnd(id);
    }

    @Test
    void theBodyMayBeLeftOut() throws InterruptedException {
        Http.Answer started = http.send("POST", "/runs", null);

        assertThat(started.status()).isEqualTo(202);
        assertThat(started.json().path("kind").asString()).isEqualTo("full");
        awaitEnd(started.json().path("id").asLong());
    }

    @Test
    void anEarlierRunIsPublishedAgain() throws InterruptedException {
        long first = http.post("/runs", "{}").json().path("id").asLong();
        awaitEnd(first);
        long second = http.post("/runs", "{}").json().path("id").asLong();
        awaitEnd(second);

        Http.Answer back = http.post("/runs/" + first + "/publish", null);

        assertThat(back.status()).isEqualTo(200);
        assertThat(back.json().path("published").asBoolean()).isTrue();
        assertThat(http.get("/runs/" + second).json().path("published").asBoolean())
                .isFalse();
        assertThat(http.get("/health").json().at("/published_run/id").asLong()).isEqualTo(first);
    }

    @Test
    void aRunIsComparedWithTheOnePublishedBefore() throws InterruptedException {
        long first = http.post("/runs", "{}").json().path("id").asLong();
        awaitEnd(first);
        http.post("/venues", "{\"name\": \"Pier\", \"lat\": 1, \"lng\": 2}");
        long second =
                http.post("/runs", "{\"kind\": \"refresh\"}").json().path("id").asLong();
        awaitEnd(second);

        Http.Answer diff = http.get("/runs/" + second + "/diff?movers=1");

        assertThat(diff.status()).isEqualTo(200);
        assertThat(diff.json().path("against_id").asLong()).isEqualTo(first);
        assertThat(diff.json().path("users_changed").asLong()).isEqualTo(1);
        assertThat(diff.json().path("mean_overlap_at_10").isNumber()).isTrue();
        assertThat(diff.json().at("/movers/0/overlap_at_10").isNumber()).isTrue();
        assertThat(diff.json().path("venues_new").asLong()).isEqualTo(1);
        assertThat(diff.json().at("/movers/0/causes/0/kind").asString()).isEqualTo("new_venue");
        assertThat(http.get("/runs/" + second).json().path("base_run_id").asLong())
                .isEqualTo(first);
        assertThat(http.get("/runs/" + first + "/diff").status()).isEqualTo(409);
        assertThat(http.get("/runs/" + second + "/diff?against=999999").status())
                .isEqualTo(404);
        assertThat(http.get("/runs/" + second + "/diff?movers=1001").status()).isEqualTo(400);
    }

    @Test
    void aSecondStartIsRefusedWithTheRunInTheWay() {
        // A run of another process, alive for an hour by its lease.
        long other = jdbc.sql("""
                        insert into run (kind, requested_by, profile, settings)
                        values ('full', 'elsewhere', '{}', '{}')
                        returning id
                        """).query(Long.class).single();
        jdbc.sql("""
                        update run_lease
                        set token = token + 1, run_id = ?, owner = 'elsewhere:1', acquired_at = now(),
                            expires_at = now() + interval '1 hour', duration = '1 hour'
                        """).param(other).update();

        Http.Answer refused = http.post("/runs", "{\"kind\": \"full\"}");

        assertThat(refused.status()).isEqualTo(409);
        assertThat(refused.header("Content-Type").orElseThrow()).startsWith("application/problem+json");
        assertThat(refused.detail()).contains(Long.toString(other), "elsewhere:1", "(POST /runs/" + other + "/stop)");
        assertThat(refused.json().at("/run/id").asLong()).isEqualTo(other);
        assertThat(refused.json().at("/run/owner/name").asString()).isEqualTo("elsewhere:1");
    }

    @Test
    void aRunLeftBehindIsResumedInPlaceOfANewOneUnlessAnotherIsAskedFor() throws InterruptedException {
        long id = http.post("/runs", "{\"profile\": {\"spatial_weight\": 0.7}}")
                .json()
                .path("id")
                .asLong();
        awaitEnd(id);
        // As a process leaves it that is killed before the run is recorded as published.
        jdbc.sql("update run set state = 'running' where id = ?").param(id).update();
        jdbc.sql("""
                        update run_lease
                        set token = token + 1, run_id = ?, owner = 'gone:1', acquired_at = now() - interval '1 minute',
                            expires_at = now() - interval '1 second'
                        """).param(id).update();

        for (String other : List.of("{\"kind\": \"refresh\"}", "{\"profile\": {\"decay_per_km\": 0.3}}")) {
            Http.Answer refused = http.post("/runs", other);
            assertThat(refused.status()).as(refused.text()).isEqualTo(409);
            assertThat(refused.detail())
                    .startsWith("Run %d was left behind by a process that died and goes first;".formatted(id))
                    .contains("(POST /runs/%d/restart)".formatted(id), "(POST /runs/%d/stop)".formatted(id));
            assertThat(refused.json().at("/run/id").asLong()).isEqualTo(id);
        }

        Http.Answer resumed = http.post("/runs", "{\"kind\": \"full\", \"profile\": {\"spatial_weight\": 0.7}}");
        assertThat(resumed.status()).as(resumed.text()).isEqualTo(202);
        assertThat(resumed.json().path("id").asLong()).isEqualTo(id);
        assertThat(resumed.json().path("sentence").asString())
                .startsWith("Run %d was left behind by a process that died and is resumed instead of a new one. "
                        .formatted(id));
        runs.await(id, progress -> {});
    }

    @Test
    void wrongStatesAndIdsAreRefused() throws InterruptedException {
        long done = http.post("/runs", "{}").json().path("id").asLong();
        awaitEnd(done);

        assertThat(http.post("/runs/" + done + "/stop", null).status()).isEqualTo(409);
        assertThat(http.post("/runs/" + done + "/restart", null).status()).isEqualTo(409);
        for (String verb : List.of("/stop", "/restart", "/publish")) {
            assertThat(http.post("/runs/999999" + verb, null).status()).isEqualTo(404);
            assertThat(http.post("/runs/abc" + verb, null).status()).isEqualTo(400);
        }
        assertThat(http.get("/runs/999999").status()).isEqualTo(404);
        assertThat(http.post("/runs", "{\"kind\": \"half\"}").detail()).contains("full, refresh");
        assertThat(http.post("/runs/" + done + "/publish?force=maybe", null).status())
                .isEqualTo(400);
    }

    private void awaitEnd(long id) throws InterruptedException {
        Run ended = runs.await(id, progress -> {});
        assertThat(ended.state()).as(ended.sentence()).isEqualTo(RunState.COMPLETED);
    }
}
