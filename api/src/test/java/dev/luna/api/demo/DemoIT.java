package dev.luna.api.demo;

import static org.assertj.core.api.Assertions.assertThat;

import dev.luna.api.web.Http;
import dev.luna.api.web.ServerTest;
import dev.luna.batch.run.Run;
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
        for (int i = 0; i < 2; i++) {
            assertThat(suggested.find()).isTrue();
            Http.Answer answer = http.get(suggested.group(1));
            assertThat(answer.status()).isEqualTo(200);
            assertThat(answer.json().size()).isEqualTo(3);
            assertThat(answer.header("Luna-Source")).contains("run");
        }
        // The second start finds everything in place.
        assertThat(demo.prepare(out).id()).isEqualTo(run.id());
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
