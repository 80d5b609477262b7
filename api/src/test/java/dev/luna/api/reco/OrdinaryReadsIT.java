package dev.luna.api.reco;

import static org.assertj.core.api.Assertions.assertThat;

import dev.luna.api.web.Http;
import dev.luna.api.web.ServerTest;
import dev.luna.batch.run.RunKind;
import dev.luna.batch.run.Runs;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.UUID;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;

/** The short way of ordinary reads against the controller, which gets the same question with {@code explain=false}. */
class OrdinaryReadsIT extends ServerTest {

    /** HTTP/1.1 says where a body ends in one of two ways, and when it was sent; Link repeats the question. */
    private static final Set<String> MAY_DIFFER = Set.of("content-length", "transfer-encoding", "date", "link");

    @Autowired
    private Runs runs;

    @Test
    void theShortWayAnswersAsTheController() throws InterruptedException {
        World.build(jdbc, 71, 10, 60);
        jdbc.sql("update venues set name = chr(1) || '\"\\' || chr(9) || ' Café 夜' || chr(128512) where name like '%1'")
                .update();
        jdbc.sql("update venues set category = 'bar \"é\"' where category = 'bar'")
                .update();
        World world = World.read(jdbc);
        assertSameAnswers(world, "live", "before the first run");

        PublishedRuns.publish(runs);
        assertSameAnswers(world, "run", "published");

        http.patch("/venues/" + world.venue(4), "{\"name\": \"renamed\", \"category\": null}");
        assertSameAnswers(world, "run", "a venue changed");

        // Takes the interactions with it, so it is a change of some users.
        http.delete("/venues/" + world.venue(3));
        assertSameAnswers(world, "", "a venue was deleted");

        PublishedRuns.publish(runs);
        assertSameAnswers(world, "run", "another run is published");

        UUID liker = world.users().get(0);
        like(liker, world.venue(9));
        assertSameAnswers(liker, "live", "the user changed");
        assertSameAnswers(world.users().get(1), "run", "another user changed");

        runs.await(runs.start(RunKind.REFRESH, "test").id(), progress -> {});
        assertSameAnswers(world, "run", "refreshed");
        like(liker, world.venue(9));
        assertSameAnswers(liker, "live", "changed since the refresh");
    }

    @Test
    void whoIsDeletedHasNoAnswerAnyMore() throws InterruptedException {
        World.build(jdbc, 75, 10, 60);
        World world = World.read(jdbc);
        PublishedRuns.publish(runs);
        UUID gone = world.users().get(2);
        assertSameAnswers(gone, "run", "published");

        http.delete("/users/" + gone);
        assertThat(http.get("/reco/venues/" + gone).status()).isEqualTo(404);

        // The refresh has seen the deletion, and the run that it refreshes still ranks him.
        runs.await(runs.start(RunKind.REFRESH, "test").id(), progress -> {});
        assertThat(http.get("/reco/venues/" + world.users().get(1)).status()).isEqualTo(200);
        assertThat(http.get("/reco/venues/" + gone).status()).isEqualTo(404);
    }

    @Test
    void whoReadsAtTheSameTimeAsOthersGetsTheAnswerForThatUser() throws InterruptedException, ExecutionException {
        World.build(jdbc, 76, 30, 60);
        World world = World.read(jdbc);
        List<UUID> users = new ArrayList<>(world.users());
        PublishedRuns.publish(runs);
        like(users.get(0), world.venue(9));
        http.delete("/users/" + users.get(1));
        runs.await(runs.start(RunKind.REFRESH, "test").id(), progress -> {});
        like(users.get(2), world.venue(9));
        users.add(UUID.randomUUID());
        Map<UUID, Http.Answer> expected = new HashMap<>();
        users.forEach(user -> expected.put(user, http.get("/reco/venues/" + user + "?limit=7&explain=false")));
        assertThat(expected.values().stream().map(Http.Answer::status).distinct())
                .containsExactlyInAnyOrder(200, 404);

        ExecutorService readers = Executors.newFixedThreadPool(12);
        try {
            List<Future<?>> reads = new ArrayList<>();
            for (int reader = 0; reader < 12; reader++) {
                SplittableRandom random = new SplittableRandom(reader);
                reads.add(readers.submit(() -> {
                    for (int i = 0; i < 100; i++) {
                        UUID user = users.get(random.nextInt(users.size()));
                        assertAnswered(user, expected.get(user), random.nextBoolean());
                    }
                }));
            }
            for (Future<?> read : reads) {
                read.get();
            }
        } finally {
            readers.shutdownNow();
        }
    }

    private void assertAnswered(UUID user, Http.Answer expected, boolean isKnown) {
        String path = "/reco/venues/" + user + "?limit=7";
        String etag = expected.header("ETag").orElse("\"none\"");
        Http.Answer answer = isKnown ? http.get(path, "If-None-Match", etag) : http.get(path);
        boolean isUnchanged = isKnown && expected.header("ETag").isPresent();
        assertThat(answer.status()).as(path).isEqualTo(isUnchanged ? 304 : expected.status());
        if (answer.status() == 200) {
            assertThat(answer.json()).as(path).isEqualTo(expected.json());
            assertThat(answer.header("Luna-Source")).as(path).isEqualTo(expected.header("Luna-Source"));
        }
    }

    @Test
    void whoHasTheAnswerIsToldSoTheShortWayToo() {
        World.build(jdbc, 72, 5, 30);
        World world = World.read(jdbc);
        PublishedRuns.publish(runs);
        String path = "/reco/venues/" + world.users().get(0) + "?limit=5";
        Http.Answer first = http.get(path);
        String etag = first.header("ETag").orElseThrow();

        Http.Answer again = http.get(path, "If-None-Match", etag);
        Http.Answer byController = http.get(path + "&explain=false", "If-None-Match", etag);

        assertThat(again.status()).isEqualTo(304);
        assertThat(again.text()).isEmpty();
        assertThat(byController.status()).isEqualTo(304);
        assertThat(comparable(again)).isEqualTo(comparable(byController));
        assertThat(http.get(path, "If-None-Match", "\"other\"").status()).isEqualTo(200);
    }

    @Test
    void whatIsNotOrdinaryGetsTheControllersAnswer() {
        World.build(jdbc, 73, 5, 30);
        UUID user = World.read(jdbc).users().get(0);
        PublishedRuns.publish(runs);
        String path = "/reco/venues/" + user;

        assertThat(http.get("/reco/venues/" + UUID.randomUUID()).status()).isEqualTo(404);
        assertThat(http.get("/reco/venues/" + UUID.randomUUID()).header("Content-Type"))
                .contains("application/problem+json");
        for (String query : new String[] {
            "limit=0",
            "limit=1001",
            "limit=abc",
            "limit=",
            "limit=5&limit=6",
            "l=5",
            "limit=5&l=5",
            "max_price_level=5",
            "min_rating=5.01",
            "min_rating=-1",
            "max_distance_km=20101",
            "max_distance_km=1e1",
            "exclude=all",
            "exclude_venue_id=1-1-1-1-1",
            "min_rating=1&min_rating=1"
        }) {
            int status = http.get(path + "?" + query).status();
            assertThat(status).as(query).isEqualTo(query.equals("limit=") ? 200 : 400);
        }
        assertThat(http.get("/reco/venues/1-1-1-1-1").status()).isEqualTo(400);
        assertThat(http.get(path, "Accept", "application/pdf").status()).isEqualTo(406);
        assertThat(http.send("POST", path, null).status()).isEqualTo(405);
        assertThat(http.get(path + "/").json()).isEqualTo(http.get(path).json());
        Http.Answer head = http.send("HEAD", path, null);
        assertThat(head.status()).isEqualTo(200);
        assertThat(head.header("ETag")).isEqualTo(http.get(path).header("ETag"));
    }

    @Test
    void filtersGoTheShortWayToo() throws InterruptedException {
        World.build(jdbc, 74, 8, 60);
        World world = World.read(jdbc);
        PublishedRuns.publish(runs);
        like(world.users().get(0), world.venue(9));
        List<String> filters = List.of(
                "category=bar&category=cafe",
                "category=caf%C3%A9%2C+bar",
                "max_price_level=2",
                "min_rating=3.5",
                "max_distance_km=12.25",
                "exclude=visited",
                "exclude_venue_id=" + world.venue(1) + "&exclude_venue_id=" + world.venue(2));

        for (int chosen = 1; chosen < 1 << filters.size(); chosen++) {
            int some = chosen;
            String query = IntStream.range(0, filters.size())
                    .filter(i -> (some >> i & 1) == 1)
                    .mapToObj(filters::get)
                    .collect(Collectors.joining("&"));
            String path =
                    "/reco/venues/" + world.users().get(chosen % world.users().size()) + "?limit=3&" + query;
            Http.Answer brief = http.get(path);
            Http.Answer byController = http.get(path + "&explain=false");
            assertThat(brief.status()).as(path).isEqualTo(200);
            assertThat(brief.json()).as(path).isEqualTo(byController.json());
            assertThat(comparable(brief)).as(path).isEqualTo(comparable(byController));
            // Only the short way knows how long its answer is before it sends it.
            assertThat(brief.header("Content-Length")).as(path).isPresent();
            assertThat(byController.header("Content-Length")).as(path).isEmpty();
        }
    }

    private void assertSameAnswers(World world, String source, String when) {
        world.users().forEach(user -> assertSameAnswers(user, source, when));
    }

    private void assertSameAnswers(UUID user, String source, String when) {
        for (int limit : new int[] {1, 10, 50, 1000}) {
            String path = "/reco/venues/" + user + "?limit=" + limit;
            Http.Answer brief = http.get(path);
            Http.Answer byController = http.get(path + "&explain=false");
            assertThat(brief.status()).as(when).isEqualTo(200);
            assertThat(brief.json()).as(when + ", " + path).isEqualTo(byController.json());
            if (limit < 50) {
                assertThat(brief.header("Luna-Source").orElseThrow()).as(when).contains(source);
                // Before the first run an answer carries the moment it was made.
                if (!brief.header("Luna-Run").orElseThrow().equals("none")) {
                    assertThat(comparable(brief)).as(when).isEqualTo(comparable(byController));
                }
                assertThat(http.get(brief.next().orElseThrow()).json())
                        .as(when)
                        .isEqualTo(http.get(byController.next().orElseThrow()).json());
            }
        }
    }

    private static TreeMap<String, Object> comparable(Http.Answer answer) {
        TreeMap<String, Object> headers = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
        headers.putAll(answer.headers());
        new TreeSet<>(headers.keySet())
                .stream()
                        .filter(name -> MAY_DIFFER.contains(name.toLowerCase()))
                        .forEach(headers::remove);
        headers.computeIfPresent("vary", (name, value) -> value.toString().toLowerCase());
        // Whole seconds until the next run, which pass between two questions.
        headers.computeIfPresent(
                "cache-control", (name, value) -> value.toString().replaceAll("[0-9]+", "N"));
        return headers;
    }
}
