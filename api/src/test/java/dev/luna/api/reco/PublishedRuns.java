package dev.luna.api.reco;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.luna.api.web.Http;
import dev.luna.batch.run.Run;
import dev.luna.batch.run.RunKind;
import dev.luna.batch.run.RunState;
import dev.luna.batch.run.Runs;
import java.util.ArrayList;
import java.util.List;
import tools.jackson.databind.JsonNode;

/** What tests of rankings share: runs that are published when they return, and answers compared with true rankings. */
final class PublishedRuns {

    private PublishedRuns() {}

    static Run publish(Runs runs) {
        Run started = runs.start(RunKind.FULL, "test");
        Run ended;
        try {
            ended = runs.await(started.id(), progress -> {});
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
        assertThat(ended.state()).as(ended.sentence()).isEqualTo(RunState.COMPLETED);
        assertThat(ended.published()).isTrue();
        return ended;
    }

    /** Same ids in the same order, ranks from 1, scores to 1e-6. */
    static void assertRanking(Http.Answer answer, String idField, List<World.Expected> expected) {
        assertThat(answer.status()).as(answer.text()).isEqualTo(200);
        List<JsonNode> entries = new ArrayList<>();
        answer.json().forEach(entries::add);
        assertEntries("", entries, idField, expected);
    }

    static void assertEntries(String what, List<JsonNode> entries, String idField, List<World.Expected> expected) {
        assertThat(entries).as(what).hasSize(expected.size());
        for (int i = 0; i < expected.size(); i++) {
            JsonNode entry = entries.get(i);
            assertThat(entry.path("rank").asInt()).as(what).isEqualTo(i + 1);
            assertThat(entry.path(idField).asString())
                    .as("%s rank %d", what, i + 1)
                    .isEqualTo(expected.get(i).id().toString());
            assertThat(entry.path("score").asDouble())
                    .as(what)
                    .isCloseTo(expected.get(i).score(), within(1e-6));
        }
    }
}
