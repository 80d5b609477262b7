package dev.luna.api.reco;

import static org.assertj.core.api.Assertions.assertThat;

import dev.luna.api.web.Http;
import dev.luna.api.web.ServerTest;
import dev.luna.batch.run.Run;
import dev.luna.batch.run.Runs;
import java.util.List;
import java.util.UUID;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;

/** Where a list goes on when a run was published, or the venue that a page ended with deleted, before the next is asked for. */
class PagesSinceRunIT extends ServerTest {

    @Autowired
    private Runs runs;

    @Test
    void aListGoesOnBehindAPageWhoseLastVenueIsGone() {
        World.build(jdbc, 89, 5, 30);
        World atRun = World.read(jdbc);
        UUID user = atRun.users().get(0);
        Run run = PublishedRuns.publish(runs);
        Http.Answer first = http.get("/reco/venues/" + user + "?limit=8");
        Http.Answer firstOfRun = http.get("/reco/venues/" + user + "?run=" + run.id() + "&limit=8");
        List<String> stored = atRun.venues(user, 16).stream()
                .map(venue -> venue.id().toString())
                .toList();

        http.delete("/venues/" + stored.get(7));

        for (Http.Answer page : List.of(first, firstOfRun)) {
            Http.Answer second = http.get(page.next().orElseThrow());
            assertThat(second.json().findValuesAsString("venue_id")).isEqualTo(stored.subList(8, 16));
            assertThat(second.next()).isPresent();
        }
    }

    /** The table of all runs' rankings, which is locked while one of them is dropped. */
    @Test
    void pagesOfThePublishedRunDoNotReadTheTableOfAllRuns() {
        World.build(jdbc, 95, 5, 30);
        World atRun = World.read(jdbc);
        UUID user = atRun.users().get(0);
        Run run = PublishedRuns.publish(runs);
        Http.Answer first = http.get("/reco/venues/" + user + "?limit=8");
        jdbc.sql("alter table venue_ranking detach partition venue_ranking_" + run.id())
                .update();

        Http.Answer second = http.get(first.next().orElseThrow());

        assertThat(second.header("Luna-Source")).contains("run");
        PublishedRuns.assertEntries(
                "first and second page",
                Stream.of(first, second)
                        .flatMap(page -> page.json().valueStream())
                        .toList(),
                "venue_id",
                atRun.venues(user, 16));
    }

    /** Somebody else's read has met the newer run meanwhile. */
    @Test
    void aListGoesOnInTheRunThatItBeganWith() {
        World.build(jdbc, 93, 5, 30);
        World atFirst = World.read(jdbc);
        UUID user = atFirst.users().get(0);
        Run first = PublishedRuns.publish(runs);
        List<World.Expected> stored = atFirst.venues(user, 30);
        Http.Answer page = http.get("/reco/venues/" + user + "?limit=8");
        for (int i = 0; i < 4; i++) {
            like(atFirst.users().get(1), stored.get(29).id());
        }
        Run second = PublishedRuns.publish(runs);
        Http.Answer other = http.get("/reco/venues/" + atFirst.users().get(2));
        assertThat(other.header("Luna-Run")).contains(Long.toString(second.id()));

        page = http.get(page.next().orElseThrow());

        assertThat(page.header("Luna-Run")).contains(Long.toString(first.id()));
        assertThat(page.json().findValuesAsString("venue_id"))
                .isEqualTo(stored.subList(8, 16).stream()
                        .map(venue -> venue.id().toString())
                        .toList());
    }

    /** The run stored all venues of its time, but knows nothing of this one. */
    @Test
    void aListGoesOnBehindANewVenueThatIsGoneAgain() {
        World.build(jdbc, 92, 5, 20);
        World atRun = World.read(jdbc);
        UUID user = atRun.users().get(0);
        PublishedRuns.publish(runs);
        String added = http.post("/venues", "{\"name\": \"New\", \"lat\": 52.53, \"lng\": 13.43}")
                .json()
                .path("id")
                .asString();
        List<String> now = World.read(jdbc, atRun).venues(user, 21).stream()
                .map(venue -> venue.id().toString())
                .toList();
        int place = now.indexOf(added);
        Http.Answer first = http.get("/reco/venues/" + user + "?limit=" + (place + 1));
        assertThat(first.json().findValuesAsString("venue_id")).endsWith(added);

        http.delete("/venues/" + added);

        List<String> second = http.get(first.next().orElseThrow()).json().findValuesAsString("venue_id");
        assertThat(second).isNotEmpty().isEqualTo(now.subList(place + 1, Math.min(now.size(), 2 * (place + 1))));
    }
}
