package dev.luna.api.reco;

import static org.assertj.core.api.Assertions.assertThat;

import dev.luna.api.web.Http;
import dev.luna.api.web.ServerTest;
import dev.luna.batch.run.Run;
import dev.luna.batch.run.Runs;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;

/** Answers equal the brute-force reference, wherever they come from. */
class RecoIT extends ServerTest {

    @Autowired
    private Runs runs;

    @Test
    void beforeTheFirstRunAnswersAreLive() {
        World.build(jdbc, 1, 12, 40);
        World world = World.read(jdbc);

        for (UUID user : world.users()) {
            Http.Answer answer = http.get("/reco/venues/" + user);
            PublishedRuns.assertRanking(answer, "venue_id", world.venues(user, 10));
            assertThat(answer.header("Luna-Source")).contains("live");
            assertThat(answer.header("Luna-Run")).contains("none");
            assertThat(answer.header("Luna-Snapshot")).isPresent();
            assertThat(answer.header("ETag")).isEmpty();
            assertThat(answer.header("Cache-Control")).contains("no-store");
            PublishedRuns.assertRanking(http.get("/reco/people/" + user), "user_id", world.companions(user, null, 10));
            UUID venue = world.venue(3);
            PublishedRuns.assertRanking(
                    http.get("/reco/people/" + user + "?venue_id=" + venue),
                    "user_id",
                    world.companions(user, venue, 10));
        }
    }

    @Test
    void beforeTheFirstRunEveryWriteShowsAtOnce() {
        World.build(jdbc, 2, 6, 20);
        UUID user = World.read(jdbc).users().get(0);
        http.get("/reco/venues/" + user);

        like(user, World.read(jdbc).venue(7));

        PublishedRuns.assertRanking(
                http.get("/reco/venues/" + user + "?limit=20"),
                "venue_id",
                World.read(jdbc).venues(user, 20));
    }

    @Test
    void storedAnswersAreExactAndCacheable() {
        World.build(jdbc, 3, 15, 70);
        World world = World.read(jdbc);
        Run run = publishedRun();

        for (UUID user : world.users()) {
            Http.Answer answer = http.get("/reco/venues/" + user + "?limit=50");
            PublishedRuns.assertRanking(answer, "venue_id", world.venues(user, 50));
            assertFromRun(answer, run);
            Http.Answer people = http.get("/reco/people/" + user);
            PublishedRuns.assertRanking(people, "user_id", world.companions(user, null, 10));
            assertFromRun(people, run);
            String first = answer.json().path(0).path("venue_id").asString();
            Http.Answer there = http.get("/reco/people/" + user + "?venue_id=" + first);
            PublishedRuns.assertRanking(there, "user_id", world.companions(user, UUID.fromString(first), 10));
            assertFromRun(there, run);
        }
    }

    @Test
    void anUnchangedAnswerIsNotSentAgain() {
        World.build(jdbc, 4, 6, 20);
        World world = World.read(jdbc);
        publishedRun();

        for (String path : List.of("/reco/venues/", "/reco/people/")) {
            String url = path + world.users().get(0);
            String etag = http.get(url).header("ETag").orElseThrow();
            Http.Answer again = http.get(url, "If-None-Match", etag);
            assertThat(again.status()).isEqualTo(304);
            assertThat(again.text()).isEmpty();
            assertThat(again.header("ETag")).contains(etag);
            assertThat(again.header("Luna-Source")).contains("run");
            assertThat(http.get(url, "If-None-Match", "W/\"other\"").status()).isEqualTo(200);
        }
    }

    @Test
    void longerListsThanStoredAreLiveAndExact() {
        World.build(jdbc, 5, 30, 70);
        World world = World.read(jdbc);
        publishedRun();

        for (UUID user : world.users()) {
            Http.Answer venues = http.get("/reco/venues/" + user + "?limit=60");
            PublishedRuns.assertRanking(venues, "venue_id", world.venues(user, 60));
            assertThat(venues.header("Luna-Source")).contains("live");
            PublishedRuns.assertRanking(
                    http.get("/reco/people/" + user + "?limit=1000"), "user_id", world.companions(user, null, 1000));
        }
    }

    @Test
    void aStoredListOfAllVenuesAnswersAnyLimit() {
        World.build(jdbc, 6, 6, 20);
        World world = World.read(jdbc);
        Run run = publishedRun();
        UUID user = world.users().get(0);

        Http.Answer answer = http.get("/reco/venues/" + user + "?limit=1000");

        PublishedRuns.assertRanking(answer, "venue_id", world.venues(user, 1000));
        assertFromRun(answer, run);
    }

    @Test
    void companionsAtAnyVenueAreExact() {
        World.build(jdbc, 7, 10, 60);
        World world = World.read(jdbc);
        publishedRun();
        UUID user = world.users().get(0);

        for (int v = 0; v < world.venueCount(); v++) {
            UUID venue = world.venue(v);
            PublishedRuns.assertRanking(
                    http.get("/reco/people/" + user + "?limit=3&venue_id=" + venue),
                    "user_id",
                    world.companions(user, venue, 3));
        }
    }

    @Test
    void aDeletedVenueNeverShowsAndListsStayFull() {
        World.build(jdbc, 8, 10, 70);
        World atRun = World.read(jdbc);
        publishedRun();
        // The most liked one too: popularity stays relative to it.
        UUID mostLiked = atRun.mostLikedVenue();
        http.delete("/venues/" + mostLiked);
        UUID best = atRun.venues(atRun.users().get(0), 1).get(0).id();
        http.delete("/venues/" + best);
        World now = World.read(jdbc, atRun);

        Set<String> sources = new HashSet<>();
        for (UUID user : now.users()) {
            Http.Answer ten = http.get("/reco/venues/" + user);
            PublishedRuns.assertRanking(ten, "venue_id", now.venues(user, 10));
            sources.add(ten.header("Luna-Source").orElseThrow());
            Http.Answer fifty = http.get("/reco/venues/" + user + "?limit=50");
            PublishedRuns.assertRanking(fifty, "venue_id", now.venues(user, 50));
        }
        // Who had been there has lost interactions with it; the others' stored lists go on without it.
        assertThat(sources).containsExactlyInAnyOrder("run", "live");
        assertThat(http.get("/reco/people/" + now.users().get(0) + "?venue_id=" + best)
                        .status())
                .isEqualTo(404);
    }

    @Test
    void namesAndCategoriesAreCurrent() {
        World.build(jdbc, 9, 6, 20);
        World world = World.read(jdbc);
        publishedRun();
        String url = "/reco/venues/" + world.users().get(0);
        Http.Answer before = http.get(url);

        http.patch(
                "/venues/" + before.json().path(0).path("venue_id").asString(),
                "{\"name\": \"New Name\", \"category\": \"club\"}");

        Http.Answer after = http.get(url, "If-None-Match", before.header("ETag").orElseThrow());
        assertThat(after.status()).isEqualTo(200);
        assertThat(after.json().path(0).path("venue_name").asString()).isEqualTo("New Name");
        assertThat(after.json().path(0).path("category").asString()).isEqualTo("club");
        assertThat(after.header("Luna-Source")).contains("run");
    }

    @Test
    void aUserNewerThanTheRunIsAnsweredLiveUnderItsPopularity() {
        World.build(jdbc, 10, 8, 30);
        World atRun = World.read(jdbc);
        Run run = publishedRun();
        UUID newcomer =
                UUID.fromString(http.post("/users", """
                        {"handle": "new", "name": "New", "home_lat": 52.52, "home_lng": 13.42}
                        """).json().path("id").asString());
        http.put("/users/" + newcomer + "/friends/" + atRun.users().get(2), "{\"strength\": 0.9}");
        // A venue newer than the run has no popularity in it, however many like it by now.
        String opened = http.post("/venues", "{\"name\": \"Opened\", \"lat\": 52.52, \"lng\": 13.42}")
                .json()
                .path("id")
                .asString();
        http.post(
                "/venues/" + opened + "/interactions",
                "{\"user_id\": \"%s\", \"interaction_type\": \"like\", \"dwell_time\": 30}".formatted(newcomer));
        World now = World.read(jdbc, atRun);

        Http.Answer answer = http.get("/reco/venues/" + newcomer + "?limit=31");

        PublishedRuns.assertRanking(answer, "venue_id", now.venues(newcomer, 31));
        assertThat(answer.json().path(0).path("venue_name").asString()).isEqualTo("Opened");
        assertThat(answer.json().path(0).path("popularity_score").asDouble()).isZero();
        assertThat(answer.header("Luna-Source")).contains("live");
        assertThat(answer.header("Luna-Run")).contains(Long.toString(run.id()));
        PublishedRuns.assertRanking(
                http.get("/reco/people/" + newcomer + "?venue_id=" + opened),
                "user_id",
                now.companions(newcomer, UUID.fromString(opened), 10));
    }

    @Test
    void aDeletedFriendLeavesTheRanking() {
        World.build(jdbc, 11, 12, 20);
        World atRun = World.read(jdbc);
        publishedRun();
        UUID user = atRun.users().get(0);
        UUID best = atRun.companions(user, null, 1).get(0).id();

        http.delete("/users/" + best);

        World now = World.read(jdbc, atRun);
        PublishedRuns.assertRanking(http.get("/reco/people/" + user), "user_id", now.companions(user, null, 10));
        PublishedRuns.assertRanking(
                http.get("/reco/people/" + user + "?limit=1"), "user_id", now.companions(user, null, 1));
    }

    @Test
    void aRenamedFriendIsAnotherAnswer() {
        World.build(jdbc, 12, 6, 10);
        World world = World.read(jdbc);
        publishedRun();
        String url = "/reco/people/" + world.users().get(0);
        Http.Answer before = http.get(url);

        http.patch("/users/" + before.json().path(0).path("user_id").asString(), "{\"name\": \"Renamed\"}");

        Http.Answer after = http.get(url, "If-None-Match", before.header("ETag").orElseThrow());
        assertThat(after.status()).isEqualTo(200);
        assertThat(after.json().path(0).path("name").asString()).isEqualTo("Renamed");
    }

    @Test
    void someoneWithoutHomeFriendsAndHistoryGetsAListToo() {
        World.build(jdbc, 13, 5, 20);
        UUID loner = UUID.fromString(http.post("/users", "{\"handle\": \"loner\", \"name\": \"Loner\"}")
                .json()
                .path("id")
                .asString());
        World world = World.read(jdbc);
        publishedRun();

        Http.Answer venues = http.get("/reco/venues/" + loner);
        PublishedRuns.assertRanking(venues, "venue_id", world.venues(loner, 10));
        assertThat(venues.json().path(0).get("distance_km").isNull()).isTrue();
        Http.Answer people = http.get("/reco/people/" + loner);
        assertThat(people.json().size()).isZero();
        assertThat(people.header("Luna-Source")).contains("run");
    }

    @Test
    void fieldsAreThoseOfTheContract() {
        World.build(jdbc, 14, 5, 10);
        UUID user = World.read(jdbc).users().get(0);
        publishedRun();

        assertThat(http.get("/reco/venues/" + user).json().path(0).propertyNames())
                .containsExactly(
                        "rank",
                        "venue_id",
                        "venue_name",
                        "category",
                        "score",
                        "distance_km",
                        "spatial_score",
                        "preference_score",
                        "popularity_score");
        assertThat(http.get("/reco/people/" + user).json().path(0).propertyNames())
                .containsExactly("rank", "user_id", "name", "score", "base_strength", "direct_pref", "category_pref");
    }

    @Test
    void badQuestionsAreRefused() {
        String user = http.post("/users", "{\"handle\": \"ada\", \"name\": \"Ada\"}")
                .json()
                .path("id")
                .asString();

        assertThat(http.get("/reco/venues/" + UUID.randomUUID()).status()).isEqualTo(404);
        assertThat(http.get("/reco/people/" + UUID.randomUUID()).status()).isEqualTo(404);
        assertThat(http.get("/reco/people/" + user + "?venue_id=" + UUID.randomUUID())
                        .status())
                .isEqualTo(404);
        assertThat(http.get("/reco/people/" + user + "?venue_id=").status()).isEqualTo(200);
        for (String limit : List.of("0", "-1", "1001", "abc", "2.5")) {
            Http.Answer answer = http.get("/reco/venues/" + user + "?limit=" + limit);
            assertThat(answer.status()).isEqualTo(400);
            assertThat(answer.json().at("/errors/0/field").asString()).isEqualTo("limit");
        }
        assertThat(http.get("/reco/venues/" + user + "?max_price=2").detail()).contains("known are: category, cursor");
    }

    @Test
    void readersSeeCompleteAnswersOfOneRunWhileRunsArePublished() throws InterruptedException, ExecutionException {
        World.build(jdbc, 15, 6, 70);
        UUID user = World.read(jdbc).users().get(0);
        UUID other = World.read(jdbc).users().get(1);
        Map<String, List<World.Expected>> expectedByRun = new HashMap<>();
        Run first = publishedRun();
        expectedByRun.put(Long.toString(first.id()), World.read(jdbc).venues(user, 50));
        UUID liked = World.read(jdbc).venue(69);
        for (int i = 0; i < 5; i++) {
            like(other, liked);
        }
        Run second = publishedRun();
        expectedByRun.put(Long.toString(second.id()), World.read(jdbc).venues(user, 50));
        assertThat(expectedByRun.get(Long.toString(first.id())))
                .isNotEqualTo(expectedByRun.get(Long.toString(second.id())));

        AtomicBoolean publishing = new AtomicBoolean(true);
        ExecutorService readers = Executors.newFixedThreadPool(2);
        try {
            List<Future<Integer>> reads = List.of(
                    readers.submit(() -> readWhile(publishing, user, expectedByRun)),
                    readers.submit(() -> readWhile(publishing, user, expectedByRun)));
            for (int i = 0; i < 40; i++) {
                runs.publish(i % 2 == 0 ? first.id() : second.id(), "test", false);
            }
            publishing.set(false);
            for (Future<Integer> read : reads) {
                assertThat(read.get()).isPositive();
            }
        } finally {
            publishing.set(false);
            readers.shutdownNow();
        }
    }

    private int readWhile(AtomicBoolean publishing, UUID user, Map<String, List<World.Expected>> expectedByRun) {
        int reads = 0;
        do {
            Http.Answer answer = http.get("/reco/venues/" + user + "?limit=50");
            PublishedRuns.assertRanking(
                    answer,
                    "venue_id",
                    expectedByRun.get(answer.header("Luna-Run").orElseThrow()));
            assertThat(answer.header("Luna-Source")).contains("run");
            reads++;
        } while (publishing.get());
        return reads;
    }

    private Run publishedRun() {
        return PublishedRuns.publish(runs);
    }

    private static void assertFromRun(Http.Answer answer, Run run) {
        assertThat(answer.header("Luna-Source")).contains("run");
        assertThat(answer.header("Luna-Run")).contains(Long.toString(run.id()));
        assertThat(answer.header("Luna-Snapshot")).contains(String.valueOf(run.snapshotAt()));
        assertThat(answer.header("ETag")).isPresent();
        assertThat(answer.header("Cache-Control").orElseThrow()).contains("max-age=");
    }
}
