package dev.luna.batch.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.luna.batch.run.SmallWorld;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** {@code luna recompute} and {@code luna runs} from their arguments to their exit codes. */
class RunCommandsIT extends CommandsOnADatabase {

    @Test
    void anOperatorsDay() {
        assertThat(luna("recompute").exitCode()).isEqualTo(ExitCode.REFUSED);
        assertThat(err.toString()).contains("luna: There is nothing to rank").contains("luna import DIR");

        assertThat(answer("runs"))
                .startsWith("There are no runs yet; start one with `luna recompute`" + System.lineSeparator()
                        + "No runs are kept. Expected: ");

        SmallWorld.create(database.jdbc(), 60, 40);
        String computed = answer("recompute");
        long first = Long.parseLong(newest());
        assertThat(computed)
                .contains("Run %d is published: 60 users, 40 venues in".formatted(first))
                .contains("snapshot ", "scoring ", "verification ", "publication ")
                .containsPattern("checksum [0-9a-f]{16}");

        assertThat(answer("runs")).contains("1 kept run takes ");

        answer("recompute");
        List<String> lines = answer("runs").lines().toList();
        assertThat(lines.get(0)).containsSubsequence("ID", "STATE", "STARTED", "TOOK", "USERS", "STORAGE", "CHECKSUM");
        assertThat(lines.get(1)).containsSubsequence(first + 1 + "", "*", "completed", "60", "cli:");
        assertThat(lines.get(2))
                .containsSubsequence(first + "", "completed", "60", "cli:")
                .doesNotContain("*");

        assertThat(lines.get(3))
                .contains("2 kept runs take", "Expected: 60 users x about")
                .containsPattern("\\(K = [0-9]+\\) x 6 runs \\(3 full,");
        assertThat(json(answer(
                        "runs", "--state", "completed", "--kind", "full", "--before", (first + 1) + "", "--json")))
                .singleElement()
                .satisfies(run -> assertThat(run.get("id").asLong()).isEqualTo(first));
        assertThat(answer("runs", "--state", "held,failed"))
                .startsWith(
                        "There are no such runs; `luna runs` lists all" + System.lineSeparator() + "2 kept runs take");
        assertThat(answer("runs", "list", "--state", "held,failed")).startsWith("There are no such runs;");
        assertThat(answer("runs", "--before", first + "")).startsWith("There are no such runs;");
        assertThat(json(answer("runs", "watch", first + "", "--json"))
                        .get("state")
                        .asString())
                .isEqualTo("completed");
        assertThat(answer("runs", "watch", first + ""))
                .startsWith(
                        "Run %d: Complete and kept; go back to it with `luna runs publish %d`.".formatted(first, first))
                .contains("checksum");

        answer("runs", "publish", first + "");
        assertThat(answer("runs", "show", first + ""))
                .contains("state           completed, published")
                .contains("gate ok         60 of 60 users have ranked venues")
                .contains("Published: readers see it since");

        JsonNode run = json(answer("runs", "show", first + "", "--json"));
        assertThat(run.get("id").asLong()).isEqualTo(first);
        assertThat(run.get("state").asString()).isEqualTo("completed");
        assertThat(run.get("published").asBoolean()).isTrue();
        assertThat(run.get("checksum").asString()).matches("[0-9a-f]{16}");
        assertThat(run.get("counts").get("users").asLong()).isEqualTo(60);
        assertThat(run.get("partitions").get(0).get("users_done").asLong())
                .isEqualTo(run.get("partitions").get(0).get("users_total").asLong())
                .isPositive();
        assertThat(Instant.parse(run.get("created_at").asString())).isNotNull();

        assertThat(luna("runs", "restart", first + "").exitCode()).isEqualTo(ExitCode.REFUSED);
        assertThat(err.toString()).contains("is complete; a new computation is a new run: `luna recompute`");
        assertThat(luna("runs", "show", "4711").exitCode()).isEqualTo(ExitCode.BAD_INPUT);
        assertThat(err.toString()).contains("luna: There is no run 4711");
    }

    @Test
    void whatARefreshChangedIsComparedAndVerified() {
        SmallWorld.create(database.jdbc(), 60, 40);
        assertThat(luna("recompute", "--refresh").exitCode()).isEqualTo(ExitCode.REFUSED);
        assertThat(err.toString()).contains("no run is published yet");
        answer("recompute");
        long base = Long.parseLong(newest());
        database.jdbc()
                .sql("update users set home_lat = 48.2, home_lng = 11.02 where handle = 'user15'")
                .update();

        assertThat(answer("recompute", "--refresh"))
                .containsPattern("60 users, 40 venues in .*; [1-9][0-9]* users? ranked anew since run " + base);
        String refresh = Long.toString(base + 1);
        assertThat(answer("runs", "diff", refresh))
                .contains("Run %s beside run %d".formatted(refresh, base))
                .contains("users in both    60; 1 of them (1.7 %)")
                .contains("moved home (from");
        JsonNode diff = json(answer("runs", "diff", refresh, "--against", base + "", "--json"));
        assertThat(diff.get("users_changed").asLong()).isEqualTo(1);
        assertThat(diff.get("mean_overlap_at_10").asDouble()).isBetween(0.9, 1.0);
        assertThat(diff.at("/movers/0/overlap_at_10").isNumber()).isTrue();
        assertThat(diff.at("/movers/0/causes/0/kind").asString()).isEqualTo("moved_home");
        assertThat(luna("runs", "diff", refresh, "--movers", "-1").exitCode()).isEqualTo(ExitCode.BAD_INPUT);

        assertThat(answer("runs", "verify", base + "", "--sample", "20"))
                .contains("Run %d: 20 of 20 compared users have exactly the rankings of brute force".formatted(base))
                .contains("all stored rankings together have the checksum of the run");
        database.jdbc()
                .sql(
                        "update venue_ranking set ranking = set_byte(ranking, 7, get_byte(ranking, 7) # 1) where run_id = ?")
                .param(base)
                .update();
        Ended verified = luna("runs", "verify", base + "", "--json");
        assertThat(verified.exitCode()).isEqualTo(ExitCode.FAILED);
        JsonNode found = json(verified.out());
        assertThat(found.get("users").asInt()).isEqualTo(60);
        assertThat(found.get("equal").asInt()).isZero();
        assertThat(found.get("first_difference").asString()).contains("at rank 1");
        assertThat(found.get("checksum_difference").asString()).startsWith("the stored rankings have checksum ");
    }

    @Test
    void aProfileForOneRunIsKeptByItsRefreshes() {
        SmallWorld.create(database.jdbc(), 60, 40);
        answer("recompute", "--profile", "decay-per-km=0.5", "--profile", "positive_types=like");
        long id = Long.parseLong(newest());
        answer("recompute", "--refresh");
        for (long run = id; run <= id + 1; run++) {
            JsonNode profile = json(answer("runs", "show", run + "", "--json")).get("profile");
            assertThat(profile.get("decay_per_km").asDouble()).isEqualTo(0.5);
            assertThat(profile.get("positive_types").toString()).isEqualTo("[\"like\"]");
            assertThat(profile.get("base_weight").asDouble()).isEqualTo(0.6);
        }

        assertThat(luna("recompute", "--refresh", "--profile", "decay-per-km=0.1")
                        .exitCode())
                .isEqualTo(ExitCode.REFUSED);
        assertThat(err.toString()).contains("A refresh ranks by the profile of run " + id);
        assertThat(luna("recompute", "--profile", "speed=3").exitCode()).isEqualTo(ExitCode.BAD_INPUT);
        assertThat(err.toString())
                .contains("--profile: speed is no setting of the scoring profile; there are spatial-weight, ");
        assertThat(luna("recompute", "--profile", "decay-per-km=far").exitCode())
                .isEqualTo(ExitCode.BAD_INPUT);
        assertThat(err.toString()).contains("--profile: decay-per-km cannot be 'far'");
        assertThat(luna("recompute", "--profile", "decay-per-km=").exitCode()).isEqualTo(ExitCode.BAD_INPUT);
        assertThat(err.toString()).contains("--profile: decay-per-km has no value");
        assertThat(luna("recompute", "--profile", "decay-per-km=-1").exitCode()).isEqualTo(ExitCode.BAD_INPUT);
        assertThat(err.toString()).contains("--profile: decay-per-km is -1.0; expected a number of at least 0");
    }

    @Test
    void aDatabaseThatCannotBeUsedIsToldInOneSentence() {
        expectUnusable(
                database.url().replaceFirst("/\\w+(\\?|$)", "/nowhere$1"),
                "FATAL: database \"nowhere\" does not exist;");
        expectUnusable("jdbc:postgresql://127.0.0.1:1/luna", "Connection to 127.0.0.1:1 refused.");
        expectUnusable(
                "jdbc:postgresql://127.0.0.1:5432x/luna?password=secret", "its URL cannot be read, for its port");
        expectUnusable("postgres://ada:secret@db/luna", "its URL begins with 'postgres:'; expected jdbc:postgresql://");
        expectUnusable(
                "ada:secret@db:5432/luna",
                "its URL does not begin with jdbc:postgresql:; expected jdbc:postgresql://HOST");
        expectUnusable(
                database.url() + "?socketTimeout=30",
                "socketTimeout=30 in its URL would break off whatever takes longer");
        expectUnusable(
                database.url() + "?options=-c%20nonsense=1",
                "FATAL: unrecognized configuration parameter \"nonsense\"; see that it runs");
        expectUnusable(
                database.url() + "?options=-c%20TimeZone=Mars",
                "FATAL: invalid value for parameter \"TimeZone\": \"Mars\"; let TZ or -Duser.timezone, and options in SPRING_DATASOURCE_URL, name one");
        assertThat(runsOf(database.url() + "?options=-c%20TimeZone=UTC")).isEqualTo(ExitCode.OK);
    }

    @Test
    void aCommandKeepsNoSchedule() {
        System.setProperty("luna.schedule.enabled", "true");
        try {
            answer("runs");
        } finally {
            System.clearProperty("luna.schedule.enabled");
        }

        assertThat(database.jdbc()
                        .sql("select trigger_name from qrtz_triggers")
                        .query(String.class)
                        .list())
                .isEmpty();
    }

    private int runsOf(String url) {
        System.setProperty("spring.datasource.url", url);
        try {
            return luna("runs").exitCode();
        } finally {
            System.setProperty("spring.datasource.url", database.url());
        }
    }

    private void expectUnusable(String url, String why) {
        assertThat(runsOf(url)).isEqualTo(ExitCode.FAILED);
        assertThat(err.toString())
                .startsWith("luna: the database cannot be used: " + why)
                .doesNotContain("secret")
                .hasLineCount(1);
    }

    private static JsonNode json(String text) {
        return JsonMapper.builder().build().readTree(text);
    }
}
