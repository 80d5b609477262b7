package dev.luna.api.reco;

import static org.assertj.core.api.Assertions.assertThat;

import dev.luna.api.web.Http;
import dev.luna.api.web.ServerTest;
import dev.luna.batch.run.Run;
import dev.luna.batch.run.Runs;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import tools.jackson.databind.JsonNode;

/** Filters, pages and what happened since the run: always what is left of the true ranking of everything. */
class FilteredVenuesIT extends ServerTest {

    private static final long SEED = 20261125;

    @Autowired
    private Runs runs;

    /** A question in random parts, and what passes it, told without the code under test. */
    private record Question(String query, World.Passes passes) {}

    @Test
    void everyCombinationOfFiltersLimitsAndPagesIsExact() {
        Random random = new Random(SEED);
        World.build(jdbc, SEED, 10, 90);
        World atRun = World.read(jdbc);
        PublishedRuns.publish(runs);

        Map<String, Integer> sources = new HashMap<>();
        askAndCompare(random, atRun, atRun, 120, sources);
        // Stored lists answer some of them, others are scored for the request.
        assertThat(sources.get("run")).isGreaterThan(10);
        assertThat(sources.get("live")).isGreaterThan(10);

        changeSome(random, atRun);
        askAndCompare(random, World.read(jdbc, atRun), atRun, 160, sources);
    }

    @Test
    void withoutARunFiltersAndPagesAreExactToo() {
        World.build(jdbc, SEED + 1, 5, 30);
        World world = World.read(jdbc);

        askAndCompare(new Random(SEED), world, null, 25, new HashMap<>());
    }

    @Test
    void pagesStayWithTheirRunWhileOthersArePublished() {
        World.build(jdbc, SEED + 2, 6, 80);
        World atFirst = World.read(jdbc);
        UUID user = atFirst.users().get(0);
        Run first = PublishedRuns.publish(runs);
        List<JsonNode> union = new ArrayList<>();
        Http.Answer page = http.get("/reco/venues/" + user + "?limit=9");
        String pinned = page.next().orElseThrow();
        while (true) {
            page.json().forEach(union::add);
            assertThat(page.header("Luna-Run")).contains(Long.toString(first.id()));
            if (page.next().isEmpty()) {
                break;
            }
            if (union.size() % 27 == 0) {
                // Others like what was unpopular: the next run ranks differently.
                for (int i = 0; i < 8; i++) {
                    like(atFirst.users().get(1), atFirst.venue(70 + union.size() / 27));
                }
                PublishedRuns.publish(runs);
                runs.publish(first.id(), "test", false);
                runs.publish(lastRun(), "test", false);
            }
            page = http.get(page.next().get());
        }

        PublishedRuns.assertEntries("pages", union, "venue_id", atFirst.venues(user, 80));
        assertThat(http.get("/reco/venues/" + user).header("Luna-Run")).contains(Long.toString(lastRun()));

        // Three runs are kept, so the first goes.
        PublishedRuns.publish(runs);
        PublishedRuns.publish(runs);
        Http.Answer gone = http.get(pinned);
        assertThat(gone.status()).isEqualTo(410);
        assertThat(gone.detail()).contains("run " + first.id()).contains("begin again without a cursor");
    }

    @Test
    void cursorsOfOtherQuestionsAreRefused() {
        World.build(jdbc, SEED + 3, 3, 30);
        List<UUID> users = World.read(jdbc).users();
        PublishedRuns.publish(runs);
        String next = http.get("/reco/venues/" + users.get(0) + "?limit=2&min_rating=1")
                .next()
                .orElseThrow();
        String cursor = next.substring(next.indexOf("cursor=") + 7);
        PublishedRuns.publish(runs);
        String ofRuns = http.get("/runs?limit=1").next().orElseThrow();
        ofRuns = ofRuns.substring(ofRuns.indexOf("cursor=") + 7);

        assertThat(http.get(next).status()).isEqualTo(200);
        for (String url : List.of(
                "/reco/venues/" + users.get(0) + "?min_rating=1.5&cursor=" + cursor,
                "/reco/venues/" + users.get(0) + "?cursor=" + cursor,
                "/reco/venues/" + users.get(1) + "?min_rating=1&cursor=" + cursor,
                "/reco/venues/" + users.get(0) + "?min_rating=1&cursor=" + cursor.substring(4),
                "/venues?cursor=" + cursor,
                "/reco/venues/" + users.get(0) + "?cursor=" + ofRuns,
                "/runs?state=completed&cursor=" + ofRuns,
                "/runs?kind=full&cursor=" + ofRuns)) {
            Http.Answer refused = http.get(url);
            assertThat(refused.status()).as(url).isEqualTo(400);
            assertThat(refused.json().at("/errors/0/field").asString()).isEqualTo("cursor");
        }
    }

    @Test
    void whatAUserJustDidIsInTheNextAnswer() {
        World.build(jdbc, SEED + 4, 6, 60);
        World atRun = World.read(jdbc);
        PublishedRuns.publish(runs);
        UUID user = atRun.users().get(0);
        UUID last = atRun.venues(user, 60).get(59).id();
        assertThat(http.get("/reco/venues/" + user).header("Luna-Source")).contains("run");

        like(user, last);
        like(user, last);

        Http.Answer answer = http.get("/reco/venues/" + user);
        assertThat(answer.header("Luna-Source")).contains("live");
        PublishedRuns.assertRanking(answer, "venue_id", World.read(jdbc, atRun).venues(user, 10));
        assertThat(answer.json().findValuesAsString("venue_id")).contains(last.toString());
        // Nobody else is affected, and the next run has seen it.
        assertThat(http.get("/reco/venues/" + atRun.users().get(1)).header("Luna-Source"))
                .contains("run");
        PublishedRuns.publish(runs);
        assertThat(http.get("/reco/venues/" + user).header("Luna-Source")).contains("run");

        http.patch("/users/" + user, "{\"home_lat\": 52.56, \"home_lng\": 13.46}");
        Http.Answer moved = http.get("/reco/venues/" + user + "?max_distance_km=1");
        assertThat(moved.header("Luna-Source")).contains("live");
        PublishedRuns.assertRanking(
                moved,
                "venue_id",
                World.read(jdbc).venues(user, (id, facts, km, visited) -> km <= 1).stream()
                        .limit(10)
                        .toList());
    }

    /** Everyone but two by the base, one by the refresh, one live. */
    @Test
    void aRefreshAnswersWithItsOwnRowsAndItsBasesForTheRest() {
        // As many as a list holds: the base's lists hold all there were, and not what is new in the refresh.
        World.build(jdbc, SEED + 5, 6, 50);
        World atBase = World.read(jdbc);
        long base = PublishedRuns.publish(runs).id();
        UUID refreshed = atBase.users().get(2);
        http.post("/venues", "{\"name\": \"Far away\", \"category\": \"pier\", \"lat\": -40, \"lng\": -170}");
        like(refreshed, atBase.venue(40));
        World atRefresh = World.read(jdbc, atBase);
        long refresh = HandMadeRefresh.publish(jdbc, base, refreshed, atRefresh.venues(refreshed, 50));
        UUID changed = atBase.users().get(3);
        like(changed, atBase.venue(0));
        World now = World.read(jdbc, atBase);

        for (UUID user : atBase.users()) {
            Http.Answer answer = http.get("/reco/venues/" + user + "?limit=20");
            PublishedRuns.assertRanking(answer, "venue_id", now.venues(user, 20));
            assertThat(answer.header("Luna-Run")).contains(Long.toString(refresh));
            assertThat(answer.header("Luna-Source")).contains(user.equals(changed) ? "live" : "run");
            PublishedRuns.assertRanking(
                    http.get("/reco/venues/" + user + "?limit=60"), "venue_id", now.venues(user, 60));
            assertThat(http.get("/reco/venues/" + user + "?category=pier")
                            .json()
                            .findValuesAsString("venue_name"))
                    .containsExactly("Far away");
            Http.Answer people = http.get("/reco/people/" + user);
            PublishedRuns.assertRanking(people, "user_id", now.companions(user, null, 10));
        }
    }

    @Test
    void aChangedVenueIsReadWithoutAllOthers() {
        World.build(jdbc, SEED + 6, 4, 30);
        World atRun = World.read(jdbc);
        PublishedRuns.publish(runs);
        UUID user = atRun.users().get(0);
        http.get("/reco/venues/" + user);
        // Who reads the run's venues again finds that they are not all there.
        jdbc.sql("delete from run_venue").update();

        http.patch("/venues/" + atRun.venue(2), "{\"name\": \"Renamed\", \"category\": \"zoo\"}");
        http.patch("/venues/" + atRun.venue(3), "{\"lat\": 52.51, \"lng\": 13.41}");
        http.delete("/venues/" + atRun.venue(4));
        http.post("/venues", "{\"name\": \"New\", \"lat\": 52.52, \"lng\": 13.42}");

        Http.Answer answer = http.get("/reco/venues/" + user + "?limit=30");
        PublishedRuns.assertRanking(answer, "venue_id", World.read(jdbc, atRun).venues(user, 30));
        assertThat(http.get("/reco/venues/" + user + "?category=zoo").json().findValuesAsString("venue_name"))
                .containsExactly("Renamed");
        for (String unknown : List.of("Zoo", "zoo,bar", "zoo%20")) {
            assertThat(http.get("/reco/venues/" + user + "?category=" + unknown).text())
                    .isEqualTo("[]");
        }
    }

    private void askAndCompare(Random random, World now, World atRun, int questions, Map<String, Integer> sources) {
        for (int q = 0; q < questions; q++) {
            UUID user = now.users().get(random.nextInt(now.users().size()));
            Question question = question(random, now);
            int limit = 1 + random.nextInt(random.nextBoolean() ? 12 : 100);
            String url = "/reco/venues/" + user + "?limit=" + limit + question.query();
            List<World.Expected> all = now.venues(user, question.passes());

            Http.Answer answer = http.get(url);
            assertThat(answer.status()).as(url + answer.text()).isEqualTo(200);
            sources.merge(answer.header("Luna-Source").orElseThrow(), 1, Integer::sum);
            List<JsonNode> union = new ArrayList<>();
            answer.json().forEach(union::add);
            PublishedRuns.assertEntries(url, union, "venue_id", all.subList(0, Math.min(limit, all.size())));
            for (int pages = 1; answer.next().isPresent() && pages < 12; pages++) {
                answer = http.get(answer.next().get());
                assertThat(answer.json().size()).isLessThanOrEqualTo(limit);
                answer.json().forEach(union::add);
            }
            PublishedRuns.assertEntries(
                    "pages of " + url,
                    union,
                    "venue_id",
                    answer.next().isPresent() ? all.subList(0, union.size()) : all);
        }
    }

    private static Question question(Random random, World now) {
        StringBuilder query = new StringBuilder();
        Set<String> categories = new TreeSet<>();
        for (String category : List.of("bar", "cafe", "zoo")) {
            if (random.nextInt(5) == 0) {
                categories.add(category);
                query.append("&category=").append(category);
            }
        }
        Integer price = random.nextInt(4) == 0 ? 1 + random.nextInt(4) : null;
        query.append(price == null ? "" : "&max_price_level=" + price);
        Double rating = random.nextInt(4) == 0 ? random.nextInt(11) / 2.0 : null;
        query.append(rating == null ? "" : "&min_rating=" + rating);
        Double km = random.nextInt(4) == 0 ? random.nextInt(80) / 10.0 : null;
        query.append(km == null ? "" : "&max_distance_km=" + km);
        boolean withoutVisited = random.nextInt(4) == 0;
        query.append(withoutVisited ? "&exclude=visited" : "");
        Set<UUID> excluded = new TreeSet<>();
        for (int i = random.nextInt(4); i > 1; i--) {
            UUID id = now.venue(random.nextInt(now.venueCount()));
            excluded.add(id);
            query.append("&exclude_venue_id=").append(id);
        }
        return new Question(
                query.toString(),
                (id, facts, distance, isVisited) ->
                        (categories.isEmpty() || facts.category() != null && categories.contains(facts.category()))
                                && (price == null || facts.priceLevel() != null && facts.priceLevel() <= price)
                                && (rating == null || facts.rating() != null && facts.rating() >= rating)
                                && (km == null || distance <= km)
                                && !(withoutVisited && isVisited)
                                && !excluded.contains(id));
    }

    /** Venues go, come, move and change; two people like something. */
    private void changeSome(Random random, World world) {
        http.delete("/venues/" + world.venue(3));
        http.delete("/venues/" + world.mostLikedVenue());
        http.patch("/venues/" + world.venue(10), "{\"category\": \"zoo\", \"price_level\": null, \"rating\": 5}");
        http.patch("/venues/" + world.venue(20), "{\"lat\": 52.53, \"lng\": 13.43}");
        http.patch("/venues/" + world.venue(21), "{\"lat\": -52.53, \"lng\": -166}");
        http.post("/venues", "{\"name\": \"New\", \"category\": \"bar\", \"lat\": 52.52, \"lng\": 13.42}");
        http.post("/venues", "{\"name\": \"Remote\", \"lat\": 0, \"lng\": 0}");
        like(world.users().get(1), world.venue(40));
        like(world.users().get(4), world.venue(20));
    }

    private long lastRun() {
        return jdbc.sql("select max(id) from run").query(Long.class).single();
    }
}
