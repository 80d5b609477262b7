package dev.luna.api.reco;

import static org.assertj.core.api.Assertions.assertThat;

import dev.luna.api.web.Http;
import dev.luna.api.web.ServerTest;
import dev.luna.batch.run.Runs;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import tools.jackson.databind.JsonNode;

class VenuesWithPeopleIT extends ServerTest {

    @Autowired
    private Runs runs;

    /** Companions are stored for the first ten venues; for the others they are scored for the request. */
    @Test
    void eachVenueComesWithItsBestCompanions() {
        World.build(jdbc, 71, 10, 40);
        World world = World.read(jdbc);
        assertCompanions(world, 40);
        PublishedRuns.publish(runs);
        assertCompanions(world, 15);
        assertCompanions(world, 5);

        // One person's own edges changed: live at once.
        UUID user = world.users().get(0);
        http.delete("/users/" + user + "/friends/"
                + world.companions(user, null, 1).get(0).id());
        assertCompanions(World.read(jdbc), 15);
    }

    @Test
    void aRenamedFriendIsAnotherAnswer() {
        World.build(jdbc, 72, 6, 20);
        UUID user = World.read(jdbc).users().get(0);
        PublishedRuns.publish(runs);
        String url = "/reco/venues/" + user + "?with_people=1";
        Http.Answer before = http.get(url);
        String etag = before.header("ETag").orElseThrow();
        assertThat(http.get(url, "If-None-Match", etag).status()).isEqualTo(304);

        http.patch("/users/" + before.json().at("/0/people/0/user_id").asString(), "{\"name\": \"Renamed\"}");

        Http.Answer after = http.get(url, "If-None-Match", etag);
        assertThat(after.status()).isEqualTo(200);
        assertThat(after.json().at("/0/people/0/name").asString()).isEqualTo("Renamed");
    }

    @Test
    void peopleWhoWereScoredForTheRequestMakeTheAnswerLive() {
        World.build(jdbc, 73, 10, 40);
        UUID user = World.read(jdbc).users().get(0);
        PublishedRuns.publish(runs);
        String url = "/reco/venues/" + user + "?with_people=1&limit=";

        Http.Answer stored = http.get(url + 10);
        Http.Answer partly = http.get(url + 12);

        assertThat(stored.header("Luna-Source")).contains("run");
        assertThat(partly.header("Luna-Source")).contains("live");
        assertThat(partly.header("Cache-Control")).contains("no-store");
        assertThat(partly.header("ETag")).isEmpty();
        String eleventh = partly.json().at("/10/venue_id").asString();
        assertThat(http.get("/reco/people/" + user + "?limit=1&venue_id=" + eleventh)
                        .header("Luna-Source"))
                .contains("live");

        // Nobody can read what is not a ranking: the answer must come without it.
        jdbc.sql("update venue_ranking set ranking = 'x'").update();
        jdbc.sql("update companion_ranking set ranking = 'x'").update();
        Http.Answer again =
                http.get(url + 10, "If-None-Match", stored.header("ETag").orElseThrow());
        assertThat(again.status()).isEqualTo(304);
        assertThat(again.header("Luna-Source")).contains("run");
        assertThat(again.header("ETag")).isEqualTo(stored.header("ETag"));
    }

    private void assertCompanions(World world, int limit) {
        for (UUID user : world.users()) {
            String url = "/reco/venues/" + user + "?with_people=3&limit=" + limit;
            Http.Answer answer = http.get(url);
            PublishedRuns.assertRanking(answer, "venue_id", world.venues(user, limit));
            for (JsonNode venue : answer.json()) {
                List<JsonNode> people = new ArrayList<>();
                venue.path("people").forEach(people::add);
                PublishedRuns.assertEntries(
                        url + " " + venue.path("venue_id"),
                        people,
                        "user_id",
                        world.companions(
                                user, UUID.fromString(venue.path("venue_id").asString()), 3));
            }
        }
    }
}
