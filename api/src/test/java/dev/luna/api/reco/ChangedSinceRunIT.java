package dev.luna.api.reco;

import static org.assertj.core.api.Assertions.assertThat;

import dev.luna.api.web.Http;
import dev.luna.api.web.ServerTest;
import dev.luna.batch.run.Run;
import dev.luna.batch.run.Runs;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import tools.jackson.databind.JsonNode;

/** What a run stored answers only as long as it is the true ranking; what a refresh stored goes before what its base did. */
class ChangedSinceRunIT extends ServerTest {

    @Autowired
    private Runs runs;

    @Test
    void aVenueThatMovedNearCountsWithWhatTheUserDidThere() {
        UUID regular = regularWithThreeHaunts();
        UUID faraway = venue("Far away", -40, 13.4);
        like(regular, faraway, 3);
        World atRun = World.read(jdbc);
        PublishedRuns.publish(runs);
        assertFirst(regular, atRun, 2, "run");

        http.patch("/venues/" + faraway, "{\"lat\": 52.5}");

        assertThat(assertFirst(regular, World.read(jdbc, atRun), 2, "live").findValuesAsString("venue_id"))
                .contains(faraway.toString());
    }

    @Test
    void thatSomebodyActedIsLearntFromTheFirstLook(
            @Autowired DataSource dataSource, @Autowired VenueIndexes indexes, @Autowired LiveInputs inputs) {
        World.build(jdbc, 96, 5, 20);
        World atRun = World.read(jdbc);
        UUID user = atRun.users().get(0);
        PublishedRuns.publish(runs);
        AtomicInteger secondLooks = new AtomicInteger();
        PublishedReads reads = new PublishedReads(jdbc, dataSource) {
            @Override
            Optional<StoredVenues> venues(UUID userId, @Nullable Long runId) {
                secondLooks.incrementAndGet();
                return super.venues(userId, runId);
            }
        };
        VenueRecommendations recommendations = new VenueRecommendations(reads, indexes, inputs);
        VenueQuestion question = new VenueQuestion(user, VenueFilter.NONE, 20, false, null, null);
        // It has to be known which run is published.
        assertThat(recommendations.top(question).isStored()).isTrue();
        secondLooks.set(0);

        like(user, atRun.venue(7));
        Answer<RecommendedVenue> answer = recommendations.top(question);

        assertThat(secondLooks).hasValue(0);
        assertThat(answer.isStored()).isFalse();
        assertThat(answer.validator()).isNull();
        assertThat(answer.items().stream().map(RecommendedVenue::venueId))
                .containsExactlyElementsOf(World.read(jdbc, atRun).venues(user, 20).stream()
                        .map(World.Expected::id)
                        .toList());
    }

    @Test
    void aVenueThatMovedAwayLeavesTheFirst() {
        UUID regular = regularWithThreeHaunts();
        UUID haunt = venue("Best", 52.5, 13.4);
        like(regular, haunt, 3);
        World atRun = World.read(jdbc);
        PublishedRuns.publish(runs);
        assertThat(assertFirst(regular, atRun, 2, "run").findValuesAsString("venue_id"))
                .contains(haunt.toString());

        http.patch("/venues/" + haunt, "{\"lng\": 133.4}");

        assertFirst(regular, World.read(jdbc, atRun), 2, "live");
    }

    /** Three at his very home, so that their scores are above what a venue elsewhere can have. */
    private UUID regularWithThreeHaunts() {
        World.build(jdbc, 81, 5, 30);
        UUID regular =
                UUID.fromString(http.post("/users", """
                        {"handle": "regular", "name": "Regular", "home_lat": 52.5, "home_lng": 13.4}
                        """).json().path("id").asString());
        for (String name : List.of("One", "Two", "Three")) {
            like(regular, venue(name, 52.5, 13.4), 2);
        }
        return regular;
    }

    @Test
    void aNewVenueBehindAListOfAllVenuesIsOnTheNextPage() {
        World.build(jdbc, 82, 5, 20);
        World atRun = World.read(jdbc);
        PublishedRuns.publish(runs);

        venue("Far away", -40, -170);

        World now = World.read(jdbc, atRun);
        for (UUID user : now.users()) {
            PublishedRuns.assertEntries(
                    "pages", pages("/reco/venues/" + user + "?limit=20"), "venue_id", now.venues(user, 21));
        }
    }

    @Test
    void aNewVenueThatDoesNotQualifyChangesNoAnswer() {
        World.build(jdbc, 83, 5, 40);
        World atRun = World.read(jdbc);
        PublishedRuns.publish(runs);

        venue("New", 52.53, 13.43);

        World now = World.read(jdbc, atRun);
        for (UUID user : now.users()) {
            List<World.Expected> bars = now.venues(user, (id, facts, km, visited) -> "bar".equals(facts.category()));
            Http.Answer answer = http.get("/reco/venues/" + user + "?category=bar&limit=" + bars.size());
            PublishedRuns.assertRanking(answer, "venue_id", bars);
            assertThat(answer.header("Luna-Source")).contains("run");
        }
    }

    /** He likes so many others meanwhile that it is far down the list where the page before ended. */
    @Test
    void aPageOfALiveListGoesOnBehindTheOneBefore() {
        World.build(jdbc, 84, 4, 60);
        UUID user = UUID.fromString(http.post("/users", """
                        {"handle": "new", "name": "New", "home_lat": 52.53, "home_lng": 13.43}
                        """).json().path("id").asString());
        World atRun = World.read(jdbc);
        PublishedRuns.publish(runs);
        List<World.Expected> before = atRun.venues(user, 60);
        like(user, before.get(59).id());
        Http.Answer first = http.get("/reco/venues/" + user + "?limit=3");
        UUID end = UUID.fromString(first.json().at("/2/venue_id").asString());

        before.subList(20, 40).forEach(venue -> like(user, venue.id(), 2));

        List<World.Expected> now = World.read(jdbc, atRun).venues(user, 60);
        int place = now.stream().map(World.Expected::id).toList().indexOf(end);
        assertThat(place).isGreaterThan(10);
        assertThat(http.get(first.next().orElseThrow()).json().findValuesAsString("venue_id"))
                .isEqualTo(now.subList(place + 1, place + 4).stream()
                        .map(venue -> venue.id().toString())
                        .toList());
    }

    @Test
    void whoHasNoFriendsForARefreshHasNoCompanions() {
        World.build(jdbc, 86, 8, 20);
        World atBase = World.read(jdbc);
        UUID user = atBase.users().get(0);
        UUID best = atBase.venues(user, 1).get(0).id();
        long base = PublishedRuns.publish(runs).id();
        assertThat(http.get("/reco/people/" + user).json()).isNotEmpty();
        jdbc.sql("delete from user_social_edges where user_id = ?").param(user).update();
        long refresh = HandMadeRefresh.publish(jdbc, base, user, atBase.venues(user, 20));
        jdbc.sql("""
                        update companion_ranking set friend_count = 0, ranking = '\\x000000000000'
                        where run_id = ? and user_id = ?
                        """).params(refresh, user).update();

        for (String query : List.of("", "?venue_id=" + best, "?venue_id=" + best + "&run=" + refresh)) {
            Http.Answer people = http.get("/reco/people/" + user + query);
            assertThat(people.json()).as(query).isEmpty();
            assertThat(people.header("Luna-Source")).as(query).contains("run");
            assertThat(people.header("Luna-Run")).as(query).contains(Long.toString(refresh));
        }
    }

    @Test
    void aFormerFriendWhoIsRenamedIsAnotherAnswerOfThatRun() {
        World.build(jdbc, 87, 10, 10);
        World atRun = World.read(jdbc);
        UUID user = atRun.users().get(0);
        UUID friend = atRun.companions(user, null, 1).get(0).id();
        Run run = PublishedRuns.publish(runs);
        http.delete("/users/" + user + "/friends/" + friend);
        String url = "/reco/people/" + user + "?run=" + run.id();
        String etag = http.get(url).header("ETag").orElseThrow();
        assertThat(http.get(url, "If-None-Match", etag).status()).isEqualTo(304);

        http.patch("/users/" + friend, "{\"name\": \"Renamed\"}");

        Http.Answer after = http.get(url, "If-None-Match", etag);
        assertThat(after.status()).isEqualTo(200);
        assertThat(after.json().at("/0/name").asString()).isEqualTo("Renamed");
    }

    /** From so far away, venues that are as popular differ by less than a float can tell. */
    @Test
    void pagesOfEqualFloatsRepeatAndLoseNoVenue() {
        World.build(jdbc, 91, 6, 40);
        List<UUID> stored = farAway("stored");
        World atRun = World.read(jdbc);
        PublishedRuns.publish(runs);
        List<UUID> live = farAway("live");

        for (List<UUID> users : List.of(stored, live)) {
            for (int i = 0; i < users.size(); i++) {
                UUID user = users.get(i);
                int limit = 4 + i;
                Http.Answer first = http.get("/reco/venues/" + user + "?limit=" + limit);
                assertThat(first.header("Luna-Source")).contains(users == stored ? "run" : "live");
                List<String> shown = first.json().findValuesAsString("venue_id");

                like(user, shown.get(limit - 1));

                List<String> rest = World.read(jdbc, atRun).venues(user, 40).stream()
                        .map(venue -> venue.id().toString())
                        .filter(id -> !shown.contains(id))
                        .toList();
                Http.Answer second = http.get(first.next().orElseThrow());
                assertThat(second.header("Luna-Source")).contains("live");
                assertThat(second.json().findValuesAsString("venue_id"))
                        .as("%d a page", limit)
                        .isEqualTo(rest.subList(0, limit));
            }
        }
    }

    private List<UUID> farAway(String name) {
        return IntStream.range(0, 8)
                .mapToObj(i -> http.post("/users", """
                        {"handle": "%s%d", "name": "Far", "home_lat": 53.2, "home_lng": 13.43}
                        """.formatted(name, i)).json())
                .map(user -> UUID.fromString(user.path("id").asString()))
                .toList();
    }

    /** The distances that the run stored are those its list shows. */
    @Test
    void whatWasNearInAKeptRunStaysSo() {
        World.build(jdbc, 90, 5, 30);
        World atRun = World.read(jdbc);
        UUID user = atRun.users().get(0);
        Run run = PublishedRuns.publish(runs);
        String url = "/reco/venues/" + user + "?limit=30&max_distance_km=2&run=" + run.id();
        List<World.Expected> near = atRun.venues(user, (id, facts, km, visited) -> km <= 2);
        assertThat(near).hasSizeBetween(2, 29);
        Http.Answer before = http.get(url);
        PublishedRuns.assertRanking(before, "venue_id", near);

        http.patch("/users/" + user, "{\"home_lat\": -40, \"home_lng\": 170}");
        String etag = before.header("ETag").orElseThrow();
        assertThat(http.get(url).json()).isEqualTo(before.json());
        assertThat(http.get(url, "If-None-Match", etag).status()).isEqualTo(304);

        http.patch("/venues/" + near.get(0).id(), "{\"lat\": 10}");
        assertThat(http.get(url).json()).isEqualTo(before.json());
    }

    /** Triggers do not name the rows that are truncated. */
    @Test
    void venuesThatWereEmptiedAreReadAnew() {
        World.build(jdbc, 88, 4, 20);
        UUID user = World.read(jdbc).users().get(0);
        PublishedRuns.publish(runs);
        http.get("/reco/venues/" + user);

        jdbc.sql("truncate venues cascade").update();
        venue("Only", 52.5, 13.4);

        assertThat(http.get("/reco/venues/" + user + "?limit=50").json().findValuesAsString("venue_name"))
                .containsExactly("Only");
    }

    private JsonNode assertFirst(UUID user, World world, int limit, String source) {
        Http.Answer answer = http.get("/reco/venues/" + user + "?limit=" + limit);
        PublishedRuns.assertRanking(answer, "venue_id", world.venues(user, limit));
        assertThat(answer.header("Luna-Source")).contains(source);
        return answer.json();
    }

    private List<JsonNode> pages(String url) {
        List<JsonNode> union = new ArrayList<>();
        Http.Answer page = http.get(url);
        page.json().forEach(union::add);
        while (page.next().isPresent()) {
            page = http.get(page.next().get());
            page.json().forEach(union::add);
        }
        return union;
    }

    private UUID venue(String name, double lat, double lng) {
        return UUID.fromString(
                http.post("/venues", "{\"name\": \"%s\", \"lat\": %s, \"lng\": %s}".formatted(name, lat, lng))
                        .json()
                        .path("id")
                        .asString());
    }

    private void like(UUID user, UUID venue, int times) {
        for (int i = 0; i < times; i++) {
            like(user, venue);
        }
    }
}
