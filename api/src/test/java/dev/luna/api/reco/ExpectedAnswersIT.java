package dev.luna.api.reco;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import dev.luna.api.web.Http;
import dev.luna.api.web.ServerTest;
import dev.luna.batch.run.ExpectedRankings;
import dev.luna.batch.run.ExpectedRankings.Entry;
import dev.luna.batch.run.ExpectedRankings.Line;
import dev.luna.batch.run.Run;
import dev.luna.batch.run.RunKind;
import dev.luna.batch.run.RunState;
import dev.luna.batch.run.Runs;
import dev.luna.batch.transfer.CsvImport;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;

/** Files go in by import, rankings come out over HTTP, and equal those of an independent implementation. */
class ExpectedAnswersIT extends ServerTest {

    @Autowired
    private CsvImport csvImport;

    @Autowired
    private Runs runs;

    @Test
    void theTownsAnswersAreAsExpected() throws Exception {
        importRecomputeAndCompare(Path.of("../batch/src/test/resources/town"));
    }

    /** Real check-ins; they lie beside the project where it is developed, and are not part of it. */
    @Test
    void yelpsAnswersAreAsExpected() throws Exception {
        Path yelp = Path.of("../../shared/data/yelp");
        assumeThat(yelp).isDirectory();
        importRecomputeAndCompare(yelp);
    }

    private void importRecomputeAndCompare(Path directory) throws Exception {
        csvImport.importFrom(directory, (phase, done, total) -> {});
        Run run = runs.await(runs.start(RunKind.FULL, "ada").id(), progress -> {});
        assertThat(run.state()).as(run.sentence()).isEqualTo(RunState.COMPLETED);

        List<Line> venues = ExpectedRankings.venues(directory);
        assertThat(venues).isNotEmpty();
        for (Line line : venues) {
            Http.Answer answer = http.get("/reco/venues/" + line.userId() + "?limit=50");
            assertThat(answer.header("Luna-Source")).contains("run");
            ExpectedRankings.assertSame("venues of " + line.userId(), line.entries(), entries(answer, "venue_id"));
        }
        for (Line line : ExpectedRankings.people(directory)) {
            comparePeople(line, "/reco/people/" + line.userId());
        }
        for (Line line : ExpectedRankings.peopleAtVenue(directory)) {
            if (line.venueId() != null) {
                comparePeople(line, "/reco/people/" + line.userId() + "?venue_id=" + line.venueId());
            }
        }
    }

    /** All friends, which scores live where the run keeps fewer; and the first ten, as the run keeps them. */
    private void comparePeople(Line line, String url) {
        String separator = url.contains("?") ? "&" : "?";
        List<Entry> all = line.entries();
        ExpectedRankings.assertSame(
                "companions of " + line.userId(), all, entries(http.get(url + separator + "limit=1000"), "user_id"));
        ExpectedRankings.assertSame(
                "first companions of " + line.userId(),
                all.subList(0, Math.min(10, all.size())),
                entries(http.get(url), "user_id"));
    }

    private static List<Entry> entries(Http.Answer answer, String idField) {
        assertThat(answer.status()).as(answer.text()).isEqualTo(200);
        List<Entry> entries = new ArrayList<>();
        answer.json()
                .forEach(entry -> entries.add(new Entry(
                        UUID.fromString(entry.path(idField).asString()),
                        entry.path("score").asDouble())));
        return entries;
    }
}
