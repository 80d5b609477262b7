package dev.luna.api.reco;

import static org.assertj.core.api.Assertions.assertThat;

import dev.luna.api.web.Http;
import dev.luna.api.web.ServerTest;
import dev.luna.batch.run.Run;
import dev.luna.batch.run.Runs;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import tools.jackson.databind.JsonNode;

/** What the scripts of the page read from answers is in them. */
class PageFieldsIT extends ServerTest {

    /** A name of several words joined so is a field's: those of the scripts and of the browser are written otherwise. */
    private static final Pattern FIELD = Pattern.compile("\\.([a-z]+(?:_[a-z]+)+)\\b");

    /** Fields that the scripts name by a component and an ending. */
    private static final Pattern ENDING = Pattern.compile("\\[part \\+ '(_[a-z]+)'\\]");

    private static final Pattern SCRIPT = Pattern.compile("<script src=\"([^\"]+)\">");

    @Autowired
    private Runs runs;

    @Test
    void theScriptsReadNoFieldThatNoAnswerHas() {
        World.build(jdbc, 92, 4, 12);
        Run run = PublishedRuns.publish(runs);
        String user = World.read(jdbc).users().get(0).toString();
        String friend = World.read(jdbc).users().get(1).toString();
        http.put("/users/" + user + "/friends/" + friend, "{}");
        String venue = http.get("/venues?limit=1").json().at("/0/id").asString();
        Http.Answer plan = http.post("/plans", """
                {"organizer_id": "%s", "venue_id": "%s", "start_time": "2099-01-31T20:00:00Z"}""".formatted(user, venue));
        Http.Answer confirmed = http.post("/plans/" + plan.json().path("id").asString() + "/confirm", "");
        Set<String> served = new TreeSet<>();
        addNames(confirmed.json(), served);
        for (String path : List.of(
                "/health",
                "/users?limit=1",
                "/venues?limit=1",
                "/reco/venues/" + user + "?limit=1&explain=true",
                "/reco/people/" + user + "?limit=1&venue_id=" + venue,
                "/plans?user_id=" + user,
                "/runs/" + run.id())) {
            addNames(http.get(path).json(), served);
        }

        String scripts = scripts();
        Set<String> read = new TreeSet<>();
        FIELD.matcher(scripts).results().forEach(field -> read.add(field.group(1)));
        for (String part : parts(scripts)) {
            ENDING.matcher(scripts).results().forEach(ending -> read.add(part + ending.group(1)));
        }

        assertThat(read)
                .contains("published_run", "home_lat", "distance_km", "preference_cap")
                .contains("spatial_weight", "popularity_score", "dwell_seconds", "direct_pref")
                .contains("start_time", "external_ref");
        assertThat(served).containsAll(read);
    }

    /** Written from right to left, a name would turn round the sentence that it stands in; labels are only read out. */
    @Test
    void namesInSentencesAreIsolated() {
        assertThat(scripts().lines().filter(line -> !line.contains("aria-label")))
                .anyMatch(line -> line.contains("${isolatedText(person.name)}"))
                .noneMatch(line -> line.matches(".*\\$\\{(person|venue)(\\.\\w*name)?\\}.*"));
    }

    /** Those that the page loads. */
    private String scripts() {
        return SCRIPT.matcher(http.get("/").text())
                .results()
                .map(script -> http.get(script.group(1)).text())
                .collect(Collectors.joining());
    }

    private static List<String> parts(String scripts) {
        Matcher parts = Pattern.compile("const PARTS = \\['(.*)'\\];").matcher(scripts);
        assertThat(parts.find()).isTrue();
        return List.of(parts.group(1).split("', '"));
    }

    private static void addNames(JsonNode answer, Set<String> names) {
        names.addAll(answer.propertyNames());
        answer.forEach(value -> addNames(value, names));
    }
}
