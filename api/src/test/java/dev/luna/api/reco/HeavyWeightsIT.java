package dev.luna.api.reco;

import static org.assertj.core.api.Assertions.assertThat;

import dev.luna.api.web.Http;
import dev.luna.api.web.ServerTest;
import dev.luna.batch.run.Run;
import dev.luna.batch.run.RunKind;
import dev.luna.batch.run.RunState;
import dev.luna.batch.run.Runs;
import dev.luna.batch.run.ScoringSettings;
import java.util.List;
import java.util.UUID;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;

/** Scores far above 1, whose stored float4 are off by more than small differences between venues. */
class HeavyWeightsIT extends ServerTest {

    @Autowired
    private Runs runs;

    @Test
    void aNewVenueThatTiesWithTheLastOfTheListIsNotMissed() throws Exception {
        World.build(jdbc, 21, 30, 80);
        jdbc.sql("delete from user_venue_interactions").update();
        Run run = runs.await(
                runs.start(
                                RunKind.FULL,
                                new ScoringSettings(
                                        1000.0, 1.0, 0.0, null, null, null, null, null, null, null, null, null, null,
                                        null),
                                false,
                                "test")
                        .run()
                        .id(),
                progress -> {});
        assertThat(run.state()).as(run.sentence()).isEqualTo(RunState.COMPLETED);
        UUID first = new UUID(0, 1);

        for (UUID user : World.read(jdbc).users()) {
            List<String> before = venues(user, 10);
            jdbc.sql("""
                            insert into venues (id, name, lat, lng)
                            select :id, 'new', lat, lng from venues where id = :tied
                            """)
                    .param("id", first)
                    .param("tied", UUID.fromString(before.get(before.size() - 1)))
                    .update();

            // More than is stored is computed anew.
            assertThat(venues(user, 10))
                    .as(user.toString())
                    .isEqualTo(venues(user, 60).subList(0, 10));
            jdbc.sql("delete from venues where id = :id").param("id", first).update();
        }
    }

    private List<String> venues(UUID user, int limit) {
        Http.Answer answer = http.get("/reco/venues/" + user + "?limit=" + limit);
        return StreamSupport.stream(answer.json().spliterator(), false)
                .map(entry -> entry.path("venue_id").asString())
                .toList();
    }
}
