package dev.luna.api.reco;

import static org.assertj.core.api.Assertions.assertThat;

import dev.luna.api.web.Http;
import dev.luna.api.web.ServerTest;
import dev.luna.batch.run.Run;
import dev.luna.batch.run.RunKind;
import dev.luna.batch.run.Runs;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import tools.jackson.databind.JsonNode;

/** Rankings as HTTP caches and support see them. */
class RankingHttpIT extends ServerTest {

    @Autowired
    private Runs runs;

    @Test
    void anUnchangedRankingIsConfirmedWithoutLookingAtIt() {
        World.build(jdbc, 61, 6, 70);
        UUID user = World.read(jdbc).users().get(0);
        Run run = PublishedRuns.publish(runs);
        for (String query : List.of("", "?limit=60", "?min_rating=4.5&limit=40", "?explain=true")) {
            String url = "/reco/venues/" + user + query;
            Http.Answer first = http.get(url);
            String etag = first.header("ETag").orElseThrow();
            byte[] ranking = jdbc.sql("select ranking from venue_ranking where user_id = ?")
                    .param(user)
                    .query(byte[].class)
                    .single();
            // Nobody can read what is not one: the answer must come without it.
            jdbc.sql("update venue_ranking set ranking = 'x' where user_id = ?")
                    .param(user)
                    .update();

            Http.Answer again = http.get(url, "If-None-Match", "W/\"other\", " + etag);

            assertThat(again.status()).as(url).isEqualTo(304);
            assertThat(again.header("ETag")).contains(etag);
            assertThat(again.header("Luna-Source")).isEqualTo(first.header("Luna-Source"));
            assertThat(again.header("Luna-Run")).contains(Long.toString(run.id()));
            assertThat(again.header("Cache-Control")).isEqualTo(first.header("Cache-Control"));
            assertThat(again.header("Vary").orElseThrow()).containsIgnoringCase("Accept-Encoding");
            jdbc.sql("update venue_ranking set ranking = ? where user_id = ?")
                    .params(ranking, user)
                    .update();
        }
    }

    @Test
    void whatAClientHasIsReadFromAllOfIfNoneMatch() {
        World.build(jdbc, 65, 6, 30);
        World world = World.read(jdbc);
        UUID user = world.users().get(0);
        PublishedRuns.publish(runs);
        String venues = "/reco/venues/" + user;
        for (String url :
                List.of(venues, venues + "?explain=true", venues + "?with_people=1", "/reco/people/" + user)) {
            Http.Answer first = http.get(url);
            String etag = first.header("ETag").orElseThrow();

            Http.Answer twoLines = http.get(url, "If-None-Match", "\"other\"", "If-None-Match", etag);
            Http.Answer any = http.get(url, "If-None-Match", "*");

            assertThat(twoLines.status()).as(url).isEqualTo(304);
            assertThat(any.status()).as(url).isEqualTo(304);
            assertThat(any.header("ETag")).contains(etag);
            assertThat(http.get(url, "If-None-Match", "\"*\"").status()).isEqualTo(200);
        }
        like(user, world.venue(3));
        Http.Answer live = http.get(venues, "If-None-Match", "*");
        assertThat(live.status()).isEqualTo(304);
        assertThat(live.header("Luna-Source")).contains("live");
        assertThat(http.get("/reco/venues/" + UUID.randomUUID(), "If-None-Match", "*")
                        .status())
                .isEqualTo(404);
    }

    @Test
    void pagesOfBeforeTheFirstRunEndWithIt() {
        World.build(jdbc, 66, 6, 30);
        UUID user = World.read(jdbc).users().get(0);
        List<String> lists = List.of(
                "/reco/venues/" + user + "?limit=1",
                "/reco/venues/" + user + "?limit=1&with_people=1",
                "/reco/people/" + user + "?limit=1");
        List<String> next =
                lists.stream().map(url -> http.get(url).next().orElseThrow()).toList();
        next.forEach(url -> assertThat(http.get(url).status()).as(url).isEqualTo(200));

        PublishedRuns.publish(runs);

        for (String url : next) {
            for (Http.Answer gone : List.of(http.get(url), http.get(url, "If-None-Match", "\"x\""))) {
                assertThat(gone.status()).as(url).isEqualTo(410);
                assertThat(gone.detail()).contains("before the first run", "begin again without a cursor");
            }
        }
    }

    @Test
    void whatChangesAnAnswerChangesItsTag() {
        World.build(jdbc, 62, 6, 30);
        World world = World.read(jdbc);
        UUID user = world.users().get(0);
        PublishedRuns.publish(runs);
        String url = "/reco/venues/" + user;
        String etag = http.get(url).header("ETag").orElseThrow();

        http.patch("/venues/" + world.venue(0), "{\"name\": \"Other\"}");
        Http.Answer renamed = http.get(url, "If-None-Match", etag);
        assertThat(renamed.status()).isEqualTo(200);
        etag = renamed.header("ETag").orElseThrow();

        PublishedRuns.publish(runs);
        Http.Answer otherRun = http.get(url, "If-None-Match", etag);
        assertThat(otherRun.status()).isEqualTo(200);
        etag = otherRun.header("ETag").orElseThrow();
        assertThat(http.get(url, "If-None-Match", etag).status()).isEqualTo(304);

        http.patch("/users/" + user, "{\"home_lat\": 52.5, \"home_lng\": 13.4}");
        Http.Answer live = http.get(url, "If-None-Match", etag);
        assertThat(live.status()).isEqualTo(200);
        assertThat(live.header("ETag")).isEmpty();
        assertThat(live.header("Cache-Control")).contains("no-store");
        assertThat(http.get("/reco/venues/" + UUID.randomUUID(), "If-None-Match", etag)
                        .status())
                .isEqualTo(404);
    }

    @Test
    void headAndGzipTellTheSameAsGet() {
        World.build(jdbc, 63, 6, 70);
        UUID user = World.read(jdbc).users().get(0);
        PublishedRuns.publish(runs);
        String url = "/reco/venues/" + user + "?limit=50";
        Http.Answer get = http.get(url);

        Http.Answer head = http.send("HEAD", url, null);
        Http.Answer gzip = http.get(url, "Accept-Encoding", "gzip");

        assertThat(head.status()).isEqualTo(200);
        assertThat(head.text()).isEmpty();
        for (String name : List.of("ETag", "Luna-Run", "Luna-Snapshot", "Luna-Source", "Link")) {
            assertThat(head.header(name)).as(name).isPresent().isEqualTo(get.header(name));
            assertThat(gzip.header(name)).as(name).isEqualTo(get.header(name));
        }
        assertThat(gzip.header("Content-Encoding")).contains("gzip");
        for (Http.Answer answer : List.of(get, head, gzip)) {
            assertThat(answer.header("Vary").orElseThrow()).containsIgnoringCase("Accept-Encoding");
        }
        String etag = get.header("ETag").orElseThrow();
        assertThat(http.send("HEAD", url, null, "If-None-Match", etag).status()).isEqualTo(304);
    }

    @Test
    void aKeptRunIsShownAsItWas() {
        World.build(jdbc, 64, 6, 70);
        World atFirst = World.read(jdbc);
        UUID user = atFirst.users().get(0);
        Run first = PublishedRuns.publish(runs);
        for (int i = 0; i < 5; i++) {
            like(user, atFirst.venue(60));
        }
        PublishedRuns.publish(runs);
        String url = "/reco/venues/" + user + "?run=" + first.id() + "&limit=8";

        List<JsonNode> union = new ArrayList<>();
        Http.Answer page = http.get(url);
        assertThat(page.header("Luna-Run")).contains(Long.toString(first.id()));
        assertThat(page.header("Luna-Source")).contains("run");
        assertThat(page.header("ETag")).isPresent();
        page.json().forEach(union::add);
        while (page.next().isPresent()) {
            page = http.get(page.next().get());
            page.json().forEach(union::add);
        }
        PublishedRuns.assertEntries("as it was", union, "venue_id", atFirst.venues(user, 50));
        List<World.Expected> cheap = atFirst.venues(user, 50).stream()
                .filter(venue -> price(venue.id()) <= 2)
                .toList();
        PublishedRuns.assertRanking(http.get(url.replace("limit=8", "limit=60&max_price_level=2")), "venue_id", cheap);

        String newcomer = http.post("/users", "{\"handle\": \"new\", \"name\": \"New\"}")
                .json()
                .path("id")
                .asString();
        assertThat(http.get("/reco/venues/" + newcomer + "?run=" + first.id()).detail())
                .contains("Run " + first.id() + " has no ranking of the user");
        Http.Answer unknown = http.get("/reco/venues/" + user + "?run=999999");
        assertThat(unknown.status()).isEqualTo(404);
        assertThat(unknown.detail()).contains("There is no run 999999");
        assertThat(unknown.header("Cache-Control")).contains("no-store");
        assertThat(http.get(url + "&exclude=visited")
                        .json()
                        .at("/errors/0/field")
                        .asString())
                .isEqualTo("run");
    }

    @Test
    void whatKeepsARunFromBeingReadIsSaid() {
        World.build(jdbc, 66, 6, 20);
        UUID user = World.read(jdbc).users().get(0);
        Run run = PublishedRuns.publish(runs);
        PublishedRuns.publish(runs);
        Map<String, String> remedyByState = Map.of(
                "running", "complete",
                "held", "POST /runs/" + run.id() + "/publish?force=true",
                // A newer run is published, so a restart would be refused, too.
                "stopped", "GET /runs/" + run.id() + " says what to do",
                "failed", "GET /runs/" + run.id() + " says what to do");
        for (String list : List.of("venues", "people")) {
            String url = "/reco/" + list + "/" + user + "?run=" + run.id();
            remedyByState.forEach((state, remedy) -> {
                jdbc.sql("update run set state = ? where id = ?")
                        .params(state, run.id())
                        .update();
                for (Http.Answer answer : List.of(http.get(url), http.get(url, "If-None-Match", "\"x\""))) {
                    assertThat(answer.status()).as(state).isEqualTo(409);
                    assertThat(answer.detail()).contains("Run " + run.id() + " is ", state.substring(1), remedy);
                    assertThat(answer.header("Cache-Control")).contains("no-store");
                }
            });
            jdbc.sql("update run set state = 'completed' where id = ?")
                    .param(run.id())
                    .update();
            assertThat(http.get(url).status()).isEqualTo(200);
        }
    }

    /** Its row says only that he was gone; that he is there again, it does not know. */
    @Test
    void aRefreshThatFoundSomebodyGoneHasNoRankingOfHim() throws Exception {
        World.build(jdbc, 68, 6, 20);
        UUID user = World.read(jdbc).users().get(0);
        PublishedRuns.publish(runs);
        jdbc.sql("delete from users where id = ?").param(user).update();
        Run refresh = runs.await(runs.start(RunKind.REFRESH, "test").id(), progress -> {});
        jdbc.sql("insert into users (id, handle, name) values (?, 'again', 'Again')")
                .param(user)
                .update();

        for (String list : List.of("venues", "people")) {
            Http.Answer answer = http.get("/reco/" + list + "/" + user + "?run=" + refresh.id());
            assertThat(answer.status()).as(list).isEqualTo(404);
            assertThat(answer.detail()).startsWith("Run " + refresh.id() + " has no ");
        }
        assertThat(http.get("/reco/venues/" + user).json()).hasSize(10);
    }

    @Test
    void linksLeadThroughTheProxyInFront() {
        World.build(jdbc, 67, 6, 20);
        UUID user = World.read(jdbc).users().get(0);
        PublishedRuns.publish(runs);
        String[] forwarded = {
            "X-Forwarded-For", "203.0.113.7", "X-Forwarded-Proto", "https", "X-Forwarded-Host", "luna.example"
        };
        String venues = "/reco/venues/" + user + "?limit=2";
        for (String path : List.of(venues, venues + "&explain=true", "/users?limit=1")) {
            assertThat(http.get(path, forwarded).header("Link").orElseThrow())
                    .startsWith("<https://luna.example" + path + "&cursor=");
            assertThat(http.get(path).header("Link").orElseThrow()).startsWith("<http://127.0.0.1:");
        }
        String[] own = {
            "Content-Type",
            "application/json",
            "X-Forwarded-Proto",
            "https",
            "X-Forwarded-Host",
            "luna.example",
            "X-Forwarded-Port",
            "8443"
        };
        assertThat(http.send("POST", "/users", "{\"handle\": \"p\", \"name\": \"P\"}", own)
                        .header("Location")
                        .orElseThrow())
                .startsWith("https://luna.example:8443/users/");
    }

    private int price(UUID venue) {
        return jdbc.sql("select coalesce(price_level, 9) from venues where id = ?")
                .param(venue)
                .query(Integer.class)
                .single();
    }
}
