package dev.luna.api.runs;

import static org.assertj.core.api.Assertions.assertThat;

import dev.luna.api.web.Http;
import dev.luna.api.web.ServerTest;
import dev.luna.batch.run.Eventually;
import dev.luna.batch.run.RunState;
import dev.luna.batch.run.Runs;
import java.sql.Connection;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.FutureTask;
import java.util.stream.Stream;
import javax.sql.DataSource;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;

/** What operators do with a run that is not simply published. */
class RunOperationsIT extends ServerTest {

    @Autowired
    private Runs runs;

    @Autowired
    private DataSource dataSource;

    @BeforeEach
    void someoneAndSomewhere() {
        http.post("/users", "{\"handle\": \"ada\", \"name\": \"Ada\"}");
        http.post("/venues", "{\"name\": \"Bar\", \"lat\": 1, \"lng\": 2}");
    }

    @Test
    void aRunUnderWayIsStoppedAndRestarted() throws Exception {
        long id;
        try (Connection holder = dataSource.getConnection();
                Statement statement = holder.createStatement()) {
            holder.setAutoCommit(false);
            // The snapshot waits for this.
            statement.execute("lock table user_social_edges in access exclusive mode");
            id = http.post("/runs", "{}").json().path("id").asLong();
            Eventually.holds(
                    "the run waits",
                    () -> jdbc.sql(
                                    "select exists (select from pg_locks where relation = 'user_social_edges'::regclass and not granted)")
                            .query(Boolean.class)
                            .single());

            Http.Answer early = http.post("/runs/" + id + "/restart", null);
            assertThat(early.status()).isEqualTo(409);
            assertThat(early.detail()).startsWith("Run " + id + " is already under way");

            Http.Answer stopping = http.post("/runs/" + id + "/stop", null);

            assertThat(stopping.status()).isEqualTo(202);
            assertThat(stopping.header("Location").orElseThrow()).endsWith("/runs/" + id);
            assertThat(stopping.json().path("id").asLong()).isEqualTo(id);
            assertThat(ended(id)).isEqualTo(RunState.STOPPED);
            holder.rollback();
        }
        Http.Answer stopped = http.get("/runs/" + id);
        assertThat(stopped.json().path("state").asString()).isEqualTo("stopped");
        assertThat(stopped.json().path("sentence").asString())
                .endsWith("Resume it with `luna runs restart %d` (POST /runs/%d/restart).".formatted(id, id));

        Http.Answer restarted = http.post("/runs/" + id + "/restart", null);

        assertThat(restarted.status()).isEqualTo(202);
        assertThat(restarted.header("Location").orElseThrow()).endsWith("/runs/" + id);
        assertThat(ended(id)).isEqualTo(RunState.COMPLETED);
        assertThat(http.get("/runs/" + id).json().path("published").asBoolean()).isTrue();
    }

    @Test
    void aRunThatTheGateHoldsIsPublishedByForceOnly() throws Exception {
        long first = http.post("/runs", "{}").json().path("id").asLong();
        assertThat(ended(first)).isEqualTo(RunState.COMPLETED);
        // Nothing that the first one ranked is left.
        jdbc.sql("delete from venues").update();
        http.post("/venues", "{\"name\": \"Pier\", \"lat\": 1, \"lng\": 2}");
        long held = http.post("/runs", "{}").json().path("id").asLong();
        assertThat(ended(held)).isEqualTo(RunState.HELD);

        Http.Answer refused = http.post("/runs/" + held + "/publish", null);
        assertThat(refused.status()).isEqualTo(409);
        assertThat(refused.detail())
                .startsWith("Run %d is held. Held back by the gate since ".formatted(held))
                .contains(": 0.0 % of the first 10 venues", "(POST /runs/%d/publish?force=true)".formatted(held));

        Http.Answer forced = http.post("/runs/" + held + "/publish?force=true", null);
        assertThat(forced.status()).isEqualTo(200);
        assertThat(forced.json().path("published").asBoolean()).isTrue();
        assertThat(forced.json().path("forced_by").asString()).isEqualTo("api");
        assertThat(forced.json().path("forced_at").asString()).isNotEmpty();
        assertThat(http.get("/health").json().at("/published_run/id").asLong()).isEqualTo(held);
    }

    @Test
    void aTrialIsReadByItsIdOnlyUntilItIsPublished() throws Exception {
        long first = http.post("/runs", "{}").json().path("id").asLong();
        assertThat(ended(first)).isEqualTo(RunState.COMPLETED);
        String user = jdbc.sql("select id::text from users").query(String.class).single();

        Http.Answer started = http.post("/runs", "{\"profile\": {\"popularity_weight\": 0.5}, \"hold\": true}");

        assertThat(started.status()).isEqualTo(202);
        assertThat(started.json().path("hold").asBoolean()).isTrue();
        long trial = started.json().path("id").asLong();
        assertThat(ended(trial)).isEqualTo(RunState.HELD);
        for (String list : List.of("venues", "people")) {
            String url = "/reco/" + list + "/" + user;
            assertThat(http.get(url).header("Luna-Run")).contains(Long.toString(first));
            Http.Answer tried = http.get(url + "?run=" + trial);
            assertThat(tried.status()).as(tried.text()).isEqualTo(200);
            assertThat(tried.header("Luna-Run")).contains(Long.toString(trial));
        }

        Http.Answer published = http.post("/runs/" + trial + "/publish", null);

        assertThat(published.status()).isEqualTo(200);
        assertThat(published.json().path("forced_at").isNull()).isTrue();
        assertThat(http.get("/health").json().at("/published_run/id").asLong()).isEqualTo(trial);
    }

    @Test
    void whatTheGateRefusesIsReadOnlyIfItIsATrial() throws Exception {
        assertThat(ended(http.post("/runs", "{}").json().path("id").asLong())).isEqualTo(RunState.COMPLETED);
        String user = jdbc.sql("select id::text from users").query(String.class).single();
        // Nothing that the first one ranked is left.
        jdbc.sql("delete from venues").update();
        http.post("/venues", "{\"name\": \"Pier\", \"lat\": 1, \"lng\": 2}");

        long held = http.post("/runs", "{}").json().path("id").asLong();
        assertThat(ended(held)).isEqualTo(RunState.HELD);
        long trial = http.post("/runs", "{\"hold\": true}").json().path("id").asLong();
        assertThat(ended(trial)).isEqualTo(RunState.HELD);

        Http.Answer refused = http.get("/reco/venues/" + user + "?run=" + held);
        assertThat(refused.status()).isEqualTo(409);
        assertThat(refused.detail()).startsWith("Run %d is held back by the gate".formatted(held));
        Http.Answer tried = http.get("/reco/venues/" + user + "?run=" + trial);
        assertThat(tried.status()).as(tried.text()).isEqualTo(200);
        assertThat(tried.json().path(0).path("venue_name").asString()).isEqualTo("Pier");
        assertThat(http.post("/runs/" + trial + "/publish", null).status()).isEqualTo(409);
    }

    @Test
    void comparisonsLeaveTheServerItsConnections() throws Exception {
        long id = http.post("/runs", "{}").json().path("id").asLong();
        ended(id);
        String comparison = "/runs/%d/diff?against=%d".formatted(id, id);
        // As many as the pool has connections.
        List<FutureTask<Http.Answer>> asked = Stream.generate(() -> new FutureTask<>(() -> http.get(comparison)))
                .limit(16)
                .toList();
        try (Connection holder = dataSource.getConnection();
                Statement statement = holder.createStatement()) {
            holder.setAutoCommit(false);
            statement.execute("lock table venue_ranking_" + id + " in access exclusive mode");
            asked.forEach(task -> new Thread(task).start());
            Eventually.holds(
                    "all but two are answered",
                    () -> asked.stream().filter(FutureTask::isDone).count() == 14);

            assertThat(http.get("/users?limit=1").status()).isEqualTo(200);
            holder.rollback();
        }

        List<Http.Answer> answers = new ArrayList<>();
        for (FutureTask<Http.Answer> task : asked) {
            answers.add(task.get());
        }
        assertThat(answers).filteredOn(answer -> answer.status() == 200).hasSize(2);
        assertThat(answers)
                .filteredOn(answer -> answer.status() == 503)
                .hasSize(14)
                .allSatisfy(answer -> {
                    assertThat(answer.header("Retry-After")).contains("5");
                    assertThat(answer.detail()).startsWith("2 comparisons of runs are under way");
                });
        assertThat(http.get(comparison).status()).isEqualTo(200);
    }

    private RunState ended(long id) throws InterruptedException {
        return runs.await(id, progress -> {}).state();
    }
}
