package dev.luna.api.demo;

import static org.assertj.core.api.Assertions.assertThat;

import dev.luna.api.web.Http;
import dev.luna.api.web.ServerTest;
import dev.luna.batch.run.RunKind;
import dev.luna.batch.run.Runs;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Sends what the README's {@code curl} examples send to the sample city, and compares statuses, headers and the form of the
 * answers. Values are not compared: they depend on which examples were tried before.
 */
class ReadmeExamplesIT extends ServerTest {

    private static final JsonMapper MAPPER = JsonMapper.builder().build();

    private static final Pattern ID = Pattern.compile("\"id\":\"([0-9a-f-]{36})\"");

    /** What the README's examples made, and what they made here. */
    private final Map<String, String> madeHere = new HashMap<>();

    @Autowired
    private Demo demo;

    @Autowired
    private Runs runs;

    @Test
    void theExamplesOfTheReadmeAnswerAsShown() throws Exception {
        List<ReadmeExample> examples = ReadmeExample.in(Files.readAllLines(Path.of("..", "README.md")));
        assertThat(examples).hasSizeGreaterThan(8);
        demo.prepare(new PrintStream(new ByteArrayOutputStream(), true, StandardCharsets.UTF_8));

        for (ReadmeExample example : examples) {
            if (example.isAfterRecompute()) {
                runs.await(runs.start(RunKind.FULL, "README").id(), run -> {});
            }
            check(example);
        }
        assertThat(madeHere).isNotEmpty();

        // An example may have started a run, which must not outlive the test.
        runs.await(http.get("/runs?limit=1").json().at("/0/id").asLong(), run -> {});
    }

    private void check(ReadmeExample example) {
        Http.Answer answer = http.send(example.method(), here(example.path()), here(example.body()), headers(example));
        String what = example.command() + "\n" + answer.status() + " " + answer.text();
        String shown = example.output();
        int expectedStatus = 0;
        if (shown.startsWith("HTTP/1.1 ")) {
            String[] parts = shown.split("\n\n", 2);
            expectedStatus = Integer.parseInt(shown.substring(9, 12));
            parts[0].lines()
                    .skip(1)
                    .filter(line -> !line.equals("…"))
                    .map(header -> header.substring(0, header.indexOf(':')))
                    .forEach(
                            header -> assertThat(answer.header(header)).as(what).isPresent());
            shown = parts.length > 1 ? parts[1] : "";
        }
        Matcher idShown = ID.matcher(shown);
        Matcher idHere = ID.matcher(answer.text());
        if (example.method().equals("POST") && idShown.find() && idHere.find()) {
            madeHere.put(idShown.group(1), idHere.group(1));
        }
        boolean isWhole = !shown.contains("…") && (shown.startsWith("{") || shown.startsWith("["));
        JsonNode shownJson = isWhole ? MAPPER.readTree(shown) : MAPPER.missingNode();
        if (shownJson.path("status").isInt()) {
            expectedStatus = shownJson.path("status").asInt();
            assertThat(answer.json()).as(what).isEqualTo(shownJson);
        }
        if (expectedStatus == 0) {
            assertThat(answer.status()).as(what).isBetween(200, 299);
        } else {
            assertThat(answer.status()).as(what).isEqualTo(expectedStatus);
        }
        if (isWhole) {
            assertThat(form(answer.json())).as(what).isEqualTo(form(shownJson));
        }
    }

    private String here(String text) {
        String result = text;
        if (result != null) {
            for (Map.Entry<String, String> made : madeHere.entrySet()) {
                result = result.replace(made.getKey(), made.getValue());
            }
        }
        return result;
    }

    private static String[] headers(ReadmeExample example) {
        // As curl does when there is a body and no other word about it.
        boolean isPlainForm = example.body() != null && !example.headers().contains("Content-Type");
        assertThat(isPlainForm).as(example.command() + " needs a Content-Type").isFalse();
        return example.headers().toArray(String[]::new);
    }

    /** Names and nesting of the fields, of a list those of its first item; nulls have any form. */
    private static String form(JsonNode json) {
        if (json.isArray()) {
            return json.isEmpty() ? "[]" : "[" + form(json.get(0)) + "]";
        }
        if (!json.isObject()) {
            return "";
        }
        Set<String> fields = new TreeSet<>();
        json.properties().forEach(field -> fields.add(field.getKey() + form(field.getValue())));
        return fields.toString();
    }
}
