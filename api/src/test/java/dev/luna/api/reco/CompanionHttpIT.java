package dev.luna.api.reco;

import static org.assertj.core.api.Assertions.assertThat;

import dev.luna.api.web.Http;
import dev.luna.api.web.ServerTest;
import dev.luna.batch.run.Run;
import dev.luna.batch.run.RunKind;
import dev.luna.batch.run.Runs;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import tools.jackson.databind.JsonNode;

/** Companions in pages, of kept runs, and as HTTP caches see them. */
class CompanionHttpIT extends ServerTest {

    /** More friends than a run stores of one user, so that pages go on where stored lists end. */
    private static final int PEOPLE = 80;

    @Autowired
    private Runs runs;

    /** The tables of all runs' rankings, which are locked while one of them is dropped. */
    @Test
    void companionsOfThePublishedRunAreNotReadFromTheTablesOfAllRuns() throws InterruptedException {
        World.build(jdbc, 74, 20, 30);
        World atBase = World.read(jdbc);
        Run base = PublishedRuns.publish(runs);
        like(atBase.users().get(0), atBase.venue(7));
        Run refresh = runs.await(runs.start(RunKind.REFRESH, "test").id(), progress -> {});
        World world = World.read(jdbc, atBase);
        http.get("/reco/people/" + world.users().get(0));
        for (String table : List.of("venue_ranking", "companion_ranking")) {
            for (Run run : List.of(base, refresh)) {
                jdbc.sql("alter table %1$s detach partition %1$s_%2$d".formatted(table, run.id()))
                        .update();
            }
        }

        for (UUID user : world.users()) {
            UUID best = world.venues(user, 1).get(0).id();
            Http.Answer people = http.get("/reco/people/" + user + "?limit=3");
            PublishedRuns.assertRanking(people, "user_id", world.companions(user, null, 3));
            Http.Answer there = http.get("/reco/people/" + user + "?limit=3&venue_id=" + best);
            PublishedRuns.assertRanking(there, "user_id", world.companions(user, best, 3));
            Http.Answer venues = http.get("/reco/venues/" + user + "?limit=3&with_people=2");
            PublishedRuns.assertRanking(venues, "venue_id", world.venues(user, 3));
            List<Http.Answer> answers = new ArrayList<>(List.of(people, there, venues));
            people.next().map(http::get).ifPresent(answers::add);
            for (Http.Answer answer : answers) {
                assertThat(answer.header("Luna-Run")).contains(Long.toString(refresh.id()));
                assertThat(answer.header("Luna-Source")).contains("run");
            }
        }
    }

    @Test
    void pagesStayWithTheirRunWhileOthersArePublished() {
        World.build(jdbc, 71, PEOPLE, 30);
        UUID user = World.read(jdbc).users().get(0);
        befriendAll(user);
        World atFirst = World.read(jdbc);
        UUID best = atFirst.venues(user, 1).get(0).id();
        Run first = PublishedRuns.publish(runs);
        Map<UUID, Http.Answer> firstPages = new LinkedHashMap<>();
        for (UUID venue :
                new UUID[] {null, best, atFirst.venues(user, 30).get(29).id()}) {
            String query = venue == null ? "" : "&venue_id=" + venue;
            firstPages.put(venue, http.get("/reco/people/" + user + "?limit=9" + query));
        }
        firstPages.forEach((venue, firstPage) -> {
            List<String> sources = new ArrayList<>();
            List<JsonNode> union = new ArrayList<>();
            Http.Answer page = firstPage;
            while (true) {
                page.json().forEach(union::add);
                sources.add(page.header("Luna-Source").orElseThrow());
                assertThat(page.header("Luna-Run")).contains(Long.toString(first.id()));
                if (page.next().isEmpty()) {
                    break;
                }
                if (union.size() == 18 && venue == null) {
                    PublishedRuns.publish(runs);
                    runs.publish(first.id(), "test", false);
                } else if (union.size() == 54 && venue == null) {
                    runs.publish(lastRun(), "test", false);
                } else if (union.size() == 18 && venue.equals(best)) {
                    PublishedRuns.publish(runs);
                }
                page = http.get(page.next().get());
            }

            PublishedRuns.assertEntries("at " + venue, union, "user_id", atFirst.companions(user, venue, PEOPLE));
            assertThat(union.stream().map(entry -> entry.path("user_id").asString()))
                    .doesNotHaveDuplicates();
            if (venue == null) {
                assertThat(sources).startsWith("run").endsWith("live");
            }
        });
        assertThat(http.get("/reco/people/" + user).header("Luna-Run")).contains(Long.toString(lastRun()));

        // Three runs are kept, so the first goes.
        PublishedRuns.publish(runs);
        PublishedRuns.publish(runs);
        for (Http.Answer firstPage : firstPages.values()) {
            Http.Answer gone = http.get(firstPage.next().orElseThrow());
            assertThat(gone.status()).isEqualTo(410);
            assertThat(gone.detail()).contains("run " + first.id()).contains("begin again without a cursor");
        }
    }

    @Test
    void pagesAreTheListWithoutARunAndOfAChangedUserToo() {
        World.build(jdbc, 72, 20, 20);
        UUID user = World.read(jdbc).users().get(0);
        befriendAll(user);
        assertPages(user, World.read(jdbc));

        PublishedRuns.publish(runs);
        UUID best = World.read(jdbc).companions(user, null, 1).get(0).id();
        http.put("/users/" + user + "/friends/" + best, "{\"strength\": 0.05}");
        assertPages(user, World.read(jdbc));
        http.delete("/users/" + best);
        assertPages(user, World.read(jdbc));
    }

    @Test
    void cursorsOfOtherQuestionsAreRefused() {
        World.build(jdbc, 73, 20, 20);
        World world = World.read(jdbc);
        UUID user = world.users().get(0);
        befriendAll(user);
        Run run = PublishedRuns.publish(runs);
        String at = "/reco/people/" + user + "?limit=2&venue_id=" + world.venue(0);
        String next = http.get(at).next().orElseThrow();
        String cursor = next.substring(next.indexOf("cursor=") + 7);

        assertThat(http.get(next).status()).isEqualTo(200);
        for (String url : List.of(
                "/reco/people/" + user + "?cursor=" + cursor,
                "/reco/people/" + user + "?venue_id=" + world.venue(1) + "&cursor=" + cursor,
                "/reco/people/" + world.users().get(1) + "?venue_id=" + world.venue(0) + "&cursor=" + cursor,
                at + "&run=" + run.id() + "&cursor=" + cursor,
                "/reco/venues/" + user + "?cursor=" + cursor)) {
            Http.Answer refused = http.get(url);
            assertThat(refused.status()).as(url).isEqualTo(400);
            assertThat(refused.json().at("/errors/0/field").asString()).isEqualTo("cursor");
        }
    }

    @Test
    void anUnchangedRankingIsConfirmedWithoutLookingAtIt() {
        World.build(jdbc, 74, 12, 30);
        UUID user = World.read(jdbc).users().get(0);
        befriendAll(user);
        World world = World.read(jdbc);
        Run run = PublishedRuns.publish(runs);
        UUID best = world.venues(user, 1).get(0).id();
        for (String query : List.of("", "?limit=5", "?venue_id=" + best, "?run=" + run.id())) {
            String url = "/reco/people/" + user + query;
            Http.Answer first = http.get(url);
            String etag = first.header("ETag").orElseThrow();
            byte[] ranking = jdbc.sql("select ranking from companion_ranking where user_id = ?")
                    .param(user)
                    .query(byte[].class)
                    .single();
            // Nobody can read what is not one: the answer must come without it.
            jdbc.sql("update companion_ranking set ranking = 'x' where user_id = ?")
                    .param(user)
                    .update();

            Http.Answer again = http.get(url, "If-None-Match", "W/\"other\", " + etag);

            assertThat(again.status()).as(url).isEqualTo(304);
            for (String name : List.of("ETag", "Luna-Source", "Luna-Run", "Luna-Snapshot", "Cache-Control")) {
                assertThat(again.header(name)).as(name).isPresent().isEqualTo(first.header(name));
            }
            assertThat(again.header("Vary").orElseThrow()).containsIgnoringCase("Accept-Encoding");
            jdbc.sql("update companion_ranking set ranking = ? where user_id = ?")
                    .params(ranking, user)
                    .update();
        }
    }

    @Test
    void whatChangesAnAnswerChangesItsTag() {
        World.build(jdbc, 75, 12, 30);
        UUID user = World.read(jdbc).users().get(0);
        befriendAll(user);
        World world = World.read(jdbc);
        PublishedRuns.publish(runs);
        UUID best = world.venues(user, 1).get(0).id();
        String url = "/reco/people/" + user;
        String there = url + "?venue_id=" + best;
        String etag = http.get(url).header("ETag").orElseThrow();
        String etagThere = http.get(there).header("ETag").orElseThrow();

        // Two friends who change names with each other are two other friends.
        List<World.Expected> friends = world.companions(user, null, 2);
        List<String> names = new ArrayList<>();
        http.get(url).json().forEach(entry -> names.add(entry.path("name").asString()));
        http.patch("/users/" + friends.get(0).id(), "{\"name\": \"%s\"}".formatted(names.get(1)));
        http.patch("/users/" + friends.get(1).id(), "{\"name\": \"%s\"}".formatted(names.get(0)));
        Http.Answer renamed = http.get(url, "If-None-Match", etag);
        assertThat(renamed.status()).isEqualTo(200);
        assertThat(renamed.json().path(0).path("name").asString()).isEqualTo(names.get(1));
        etag = renamed.header("ETag").orElseThrow();
        Http.Answer renamedThere = http.get(there, "If-None-Match", etagThere);
        assertThat(renamedThere.status()).isEqualTo(200);
        etagThere = renamedThere.header("ETag").orElseThrow();
        assertThat(http.get(url, "If-None-Match", etag).status()).isEqualTo(304);
        assertThat(http.get(there, "If-None-Match", etagThere).status()).isEqualTo(304);

        http.delete("/venues/" + world.venue(world.venueCount() - 1));
        PublishedRuns.publish(runs);
        Http.Answer otherRun = http.get(url, "If-None-Match", etag);
        assertThat(otherRun.status()).isEqualTo(200);
        etag = otherRun.header("ETag").orElseThrow();
        http.put("/users/" + user + "/friends/" + friends.get(0).id(), "{\"strength\": 0.01}");
        Http.Answer live = http.get(url, "If-None-Match", etag);
        assertThat(live.status()).isEqualTo(200);
        assertThat(live.header("ETag")).isEmpty();

        PublishedRuns.publish(runs);
        etagThere = http.get(there).header("ETag").orElseThrow();
        // Nobody was there, so that only the venue itself is another.
        jdbc.sql("alter table user_venue_interactions disable trigger user").update();
        jdbc.sql("delete from user_venue_interactions where venue_id = ?")
                .param(best)
                .update();
        jdbc.sql("alter table user_venue_interactions enable trigger user").update();
        http.delete("/venues/" + best);
        assertThat(http.get(there, "If-None-Match", etagThere).status()).isEqualTo(404);
        assertThat(http.get("/reco/people/" + UUID.randomUUID(), "If-None-Match", etag)
                        .status())
                .isEqualTo(404);
    }

    @Test
    void aKeptRunIsShownAsItWas() {
        World.build(jdbc, 76, 14, 30);
        UUID user = World.read(jdbc).users().get(0);
        befriendAll(user);
        World atFirst = World.read(jdbc);
        UUID best = atFirst.venues(user, 1).get(0).id();
        Run first = PublishedRuns.publish(runs);
        http.put(
                "/users/" + user + "/friends/"
                        + atFirst.companions(user, null, 1).get(0).id(),
                "{\"strength\": 0.01}");
        PublishedRuns.publish(runs);
        for (UUID venue : new UUID[] {null, best}) {
            String url = "/reco/people/" + user + "?run=" + first.id() + "&limit=4"
                    + (venue == null ? "" : "&venue_id=" + venue);
            List<JsonNode> union = new ArrayList<>();
            Http.Answer page = http.get(url);
            while (true) {
                assertThat(page.header("Luna-Run")).contains(Long.toString(first.id()));
                assertThat(page.header("Luna-Source")).contains("run");
                page.json().forEach(union::add);
                if (page.next().isEmpty()) {
                    break;
                }
                page = http.get(page.next().get());
            }
            PublishedRuns.assertEntries(url, union, "user_id", atFirst.companions(user, venue, union.size()));
            assertThat(union.size()).as(url).isGreaterThanOrEqualTo(venue == null ? 13 : 5);
            assertRevalidates(url);
        }

        Http.Answer created = http.post("/users", "{\"handle\": \"new\", \"name\": \"New\"}");
        String newcomer = created.json().path("id").asString();
        String asOfFirst = "?run=" + first.id();
        Http.Answer unranked = http.get("/reco/people/" + newcomer + asOfFirst);
        assertThat(unranked.status()).isEqualTo(404);
        assertThat(unranked.detail()).contains("Run " + first.id() + " has no companions of the user");
        for (String nobody : List.of(UUID.randomUUID() + asOfFirst, user + "?run=999999")) {
            assertThat(http.get("/reco/people/" + nobody).status()).isEqualTo(404);
        }
        for (int i = 0; i < 3; i++) {
            PublishedRuns.publish(runs);
        }
        Http.Answer gone = http.get("/reco/people/" + user + asOfFirst);
        assertThat(gone.status()).isEqualTo(410);
        assertThat(gone.detail()).contains("Run " + first.id() + " is not kept", "GET /runs");
    }

    /** Of a user who has changed since the run, so that the names are not only those of today's friends. */
    private void assertRevalidates(String url) {
        Http.Answer answer = http.get(url);
        String etag = answer.header("ETag").orElseThrow();
        assertThat(answer.header("Cache-Control").orElseThrow()).contains("public");
        assertThat(http.get(url, "If-None-Match", etag).status()).isEqualTo(304);
        String third = answer.json().at("/3/user_id").asString();
        http.patch("/users/" + third, "{\"name\": \"Renamed " + etag.hashCode() + "\"}");
        assertThat(http.get(url, "If-None-Match", etag).status()).isEqualTo(200);
    }

    private void assertPages(UUID user, World world) {
        for (UUID venue : new UUID[] {null, world.venue(3)}) {
            List<JsonNode> union = new ArrayList<>();
            Http.Answer page =
                    http.get("/reco/people/" + user + "?limit=4" + (venue == null ? "" : "&venue_id=" + venue));
            page.json().forEach(union::add);
            while (page.next().isPresent()) {
                page = http.get(page.next().get());
                page.json().forEach(union::add);
            }
            PublishedRuns.assertEntries(
                    "pages",
                    union,
                    "user_id",
                    world.companions(user, venue, world.users().size()));
        }
    }

    /** Ties included: strengths are few. */
    private void befriendAll(UUID user) {
        jdbc.sql("""
                        insert into user_social_edges (user_id, other_user_id, relationship_type, strength)
                        select ?, id, 'friend', (1 + row_number() over (order by id) * 7 % 17) / 19.0
                        from users where id <> ?
                        on conflict do nothing
                        """).params(user, user).update();
    }

    private long lastRun() {
        return jdbc.sql("select max(id) from run").query(Long.class).single();
    }
}
