package dev.luna.api.demo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.luna.api.web.Http;
import dev.luna.api.web.ServerTest;
import dev.luna.batch.run.Run;
import dev.luna.batch.sample.SampleCity;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;

class DemoIT extends ServerTest {

    private static final Pattern SUGGESTED_CALL = Pattern.compile("curl 'http://127.0.0.1:\\d+(/[^']*)'");

    private static final Pattern LIKE = Pattern.compile(
            "curl 'http://127.0.0.1:\\d+(/[^']*/interactions)' -H 'Content-Type: application/json' -d '([^']*)'");

    @Autowired
    private Demo demo;

    @Test
    void anEmptyDatabaseBecomesACityWithRankingsAndWhatIsSuggestedWorks() throws InterruptedException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        PrintStream out = new PrintStream(bytes, true, StandardCharsets.UTF_8);

        Run run = demo.prepare(out);
        demo.suggest("http://127.0.0.1:" + port(), out);

        assertThat(run.published()).isTrue();
        String text = bytes.toString(StandardCharsets.UTF_8);
        assertThat(text).contains("Luna is ready: open http://127.0.0.1:" + port() + "/", "/docs");
        Matcher suggested = SUGGESTED_CALL.matcher(text);
        int calls = 0;
        while (suggested.find()) {
            calls++;
            if (!suggested.group(1).endsWith("/interactions")) {
                Http.Answer answer = http.get(suggested.group(1));
                assertThat(answer.status()).isEqualTo(200);
                assertThat(answer.json().size()).isGreaterThan(2);
            }
        }
        assertThat(calls).isEqualTo(4);
        // The second start finds everything in place.
        assertThat(demo.prepare(out).id()).isEqualTo(run.id());
    }

    @Test
    void theTourShowsAtOnceWhatALikeChanges() throws InterruptedException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        PrintStream out = new PrintStream(bytes, true, StandardCharsets.UTF_8);
        demo.prepare(new PrintStream(new ByteArrayOutputStream(), true, StandardCharsets.UTF_8));
        long likesBefore = likes();

        demo.suggest("http://127.0.0.1:" + port(), out);

        String text = bytes.toString(StandardCharsets.UTF_8);
        // One like is worth 0.5 of preference, which weighs 0.4.
        assertThat(text).containsPattern("<- was \\d, liked 0.00 -> 0.50: \\+0.2000");
        assertThat(likes()).isEqualTo(likesBefore + 1);
        // What is printed is what the calls answer, also by hand.
        Matcher like = LIKE.matcher(text);
        assertThat(like.find()).isTrue();
        assertThat(http.post(like.group(1), like.group(2)).status()).isEqualTo(201);
    }

    @Test
    void aServerThatDoesNotAnswerIsNamed() throws InterruptedException {
        PrintStream nowhere = new PrintStream(new ByteArrayOutputStream(), true, StandardCharsets.UTF_8);
        demo.prepare(nowhere);

        // Nobody listens at port 1, and the client says so without a message.
        assertThatThrownBy(() -> demo.suggest("http://127.0.0.1:1", nowhere))
                .isInstanceOf(DemoFailedException.class)
                .hasMessage("the tour failed: http://127.0.0.1:1 does not answer");
    }

    @Test
    void peopleOfOnesOwnDoNothingByTheDemo() throws InterruptedException {
        String ada = person("ada");
        String bo = person("bo");
        http.put("/users/" + ada + "/friends/" + bo, "{\"strength\": 1}");
        fourVenues();
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        PrintStream out = new PrintStream(bytes, true, StandardCharsets.UTF_8);

        demo.prepare(out);
        demo.suggest("http://127.0.0.1:" + port(), out);

        assertThat(likes()).isZero();
        assertThat(bytes.toString(StandardCharsets.UTF_8))
                .contains("Luna is ready: open http://127.0.0.1:" + port() + "/", "/docs", "Stop with Ctrl-C")
                .doesNotContain("/reco/", "/interactions");
    }

    @Test
    void peopleWithoutPlacesToGoAreToldSo() {
        person("ada");
        PrintStream nowhere = new PrintStream(new ByteArrayOutputStream(), true, StandardCharsets.UTF_8);

        assertThatThrownBy(() -> demo.prepare(nowhere))
                .isInstanceOf(DemoFailedException.class)
                .hasMessageStartingWith("There is nothing to rank: the database has no users or no venues.");
    }

    @Test
    void aLikeThatMovesNothingIsPointedOutToo() throws InterruptedException {
        jdbc.sql("insert into users (id, handle, name, home_lat, home_lng) values (?, 'lena', 'Lena', 0, 0)")
                .param(SampleCity.GUIDE)
                .update();
        fourVenues();
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        PrintStream out = new PrintStream(bytes, true, StandardCharsets.UTF_8);

        demo.prepare(out);
        demo.suggest("http://127.0.0.1:" + port(), out);

        // The fourth is too far to count as near; the three before it have almost 0.4 for that.
        assertThat(bytes.toString(StandardCharsets.UTF_8))
                .containsPattern(" 4  Venue 4 .* popular 0\\.00  <- liked 0\\.00 -> 0\\.50: \\+0\\.2000");
    }

    /** They could begin a line of their own, or make the terminal do something. */
    @Test
    void namesAreShownWithoutControlCharacters() throws InterruptedException {
        jdbc.sql("insert into users (id, handle, name, home_lat, home_lng) values (?, 'lena', 'Le\u001bna', 0, 0)")
                .param(SampleCity.GUIDE)
                .update();
        fourVenues();
        jdbc.sql("update venues set name = replace(name, ' ', E'\\n')").update();
        // The last place that is shown of a name is the first half of its fruit.
        jdbc.sql("update venues set name = 'Garden of the Big Apple\ud83c\udf4f' where name like '%2'")
                .update();
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        PrintStream out = new PrintStream(bytes, true, StandardCharsets.UTF_8);

        demo.prepare(out);
        demo.suggest("http://127.0.0.1:" + port(), out);

        assertThat(bytes.toString(StandardCharsets.UTF_8))
                .contains("Le\ufffdna's best venues:", " 1  Venue\ufffd1", "Le\ufffdna likes Venue\ufffd4:")
                .contains(" 2  Garden of the Big Apple   ")
                .doesNotContain("\u001b");
    }

    private String person(String handle) {
        return http.post(
                        "/users",
                        "{\"handle\": \"%1$s\", \"name\": \"%1$s\", \"home_lat\": 0, \"home_lng\": 0}"
                                .formatted(handle))
                .json()
                .path("id")
                .asString();
    }

    /** Three near the point (0, 0), in the order of their numbers, and one far from it. */
    private void fourVenues() {
        jdbc.sql("insert into venues (name, lat, lng) select 'Venue ' || n, 0.001 * n, case n when 4 then 90 else 0 end"
                        + " from generate_series(1, 4) n")
                .update();
    }

    private long likes() {
        return jdbc.sql("select count(*) from user_venue_interactions where interaction_type = 'like'")
                .query(Long.class)
                .single();
    }

    @Test
    void whatIsThereAlreadyStays() throws InterruptedException {
        String ada = http.post("/users", "{\"handle\": \"ada\", \"name\": \"Ada\"}")
                .json()
                .path("id")
                .asString();
        http.post("/venues", "{\"name\": \"Bar\", \"lat\": 1, \"lng\": 2}");

        demo.prepare(new PrintStream(new ByteArrayOutputStream(), true, StandardCharsets.UTF_8));

        assertThat(jdbc.sql("select id::text from users").query(String.class).list())
                .isEqualTo(List.of(ada));
        assertThat(http.get("/reco/venues/" + ada).header("Luna-Source")).contains("run");
    }
}
