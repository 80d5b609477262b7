package dev.luna.batch.transfer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.luna.batch.database.TestDatabase;
import dev.luna.batch.run.Run;
import dev.luna.batch.run.RunKind;
import dev.luna.batch.run.RunNotFoundException;
import dev.luna.batch.run.RunRefusedException;
import dev.luna.batch.run.Runs;
import dev.luna.batch.run.SmallWorld;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.UUID;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import java.util.zip.GZIPInputStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.jdbc.core.simple.JdbcClient;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

@SpringBootTest
class RankingsExportIT {

    private static final JsonMapper MAPPER = JsonMapper.builder().build();
    private static final Pattern ROW = Pattern.compile("(.*),([^,]*),([^,]*),([^,]*),([^,]*),([^,]*)");
    private static final int ROW_GROUPS = 6;
    private static final String HEADER = "user_id,rank,venue_id,venue_name,category,score,distance_km,"
            + "spatial_score,preference_score,popularity_score";

    @Autowired
    private RankingsExport export;

    @Autowired
    private Runs runs;

    @Autowired
    private JdbcClient jdbc;

    @TempDir
    private Path folder;

    @BeforeEach
    void aTown() {
        TestDatabase.clear(jdbc);
        SmallWorld.create(jdbc, 60, 40);
        jdbc.sql("update venues set name = 'Bar \"7\", the old one' where id = md5('venue7')::uuid")
                .update();
    }

    @Test
    void csvHasTheRowsOfThePublishedRun() throws Exception {
        Run run = recompute();

        RankingsExport.Summary summary = export("rankings.csv");

        List<String> lines = Files.readAllLines(folder.resolve("rankings.csv"));
        assertThat(lines.get(0)).isEqualTo(HEADER);
        // The view decodes the same rows in SQL.
        List<String> expected = jdbc.sql("""
                        select concat_ws(',', r.user_id, r.rank, r.venue_id,
                               case when v.name like '%"%' then '"' || replace(v.name, '"', '""') || '"' else v.name end,
                               coalesce(v.category, ''), r.score::float8, coalesce(r.distance_km::float8::text, ''),
                               r.spatial_score, r.preference_score, r.popularity_score)
                        from published_venue_ranking r join venues v on v.id = r.venue_id
                        order by r.user_id, r.rank
                        """).query(String.class).list();
        assertThat(lines).hasSize(expected.size() + 1);
        for (int i = 0; i < expected.size(); i++) {
            assertSameRow(lines.get(i + 1), expected.get(i));
        }
        assertThat(summary.runId()).isEqualTo(run.id());
        assertThat(summary.users()).isEqualTo(60);
        assertThat(summary.venues()).isEqualTo(lines.size() - 1);
    }

    /** Of a refresh, too, whose base stored most of the lists. */
    @Test
    void jsonLinesHaveAUserEachThePublishedRunAndTheSameNumbers() throws Exception {
        recompute();
        jdbc.sql("delete from user_venue_interactions where user_id = md5('user5')::uuid")
                .update();
        Run run = runs.await(runs.start(RunKind.REFRESH, "test").id(), progress -> {});

        export("rankings.csv");
        export("rankings.jsonl.gz");

        List<String> fromJson = new ArrayList<>();
        fromJson.add(HEADER);
        try (InputStream in = new GZIPInputStream(Files.newInputStream(folder.resolve("rankings.jsonl.gz")))) {
            for (String line : new String(in.readAllBytes(), StandardCharsets.UTF_8).split("\n")) {
                JsonNode user = MAPPER.readTree(line);
                assertThat(user.path("run").asLong()).isEqualTo(run.id());
                user.path("venues").forEach(venue -> fromJson.add(row(user, venue)));
            }
        }
        assertThat(fromJson).isEqualTo(Files.readAllLines(folder.resolve("rankings.csv")));
    }

    @Test
    void aKeptRunIsExportedByItsIdWhetherReadersSeeItOrNot() throws Exception {
        Run published = recompute();
        export("published.csv");
        jdbc.sql("update user_venue_interactions set dwell_time = 0").update();
        Run trial = runs.await(runs.start(null, null, true, "test").run().id(), progress -> {});

        RankingsExport.Summary summary = export("trial.csv", trial.id());
        export("kept.csv", published.id());

        assertThat(summary.runId()).isEqualTo(trial.id());
        assertThat(summary.snapshotAt()).isEqualTo(trial.snapshotAt());
        assertThat(folder.resolve("kept.csv")).hasSameTextualContentAs(folder.resolve("published.csv"));
        runs.publish(trial.id(), "test", false);
        export("published.csv");
        assertThat(folder.resolve("trial.csv")).hasSameTextualContentAs(folder.resolve("published.csv"));
    }

    @Test
    void aRunWithoutRankingsIsNotExported() throws Exception {
        Run run = recompute();
        jdbc.sql("update run set storage_dropped_at = now() where id = :id")
                .param("id", run.id())
                .update();

        assertThatThrownBy(() -> export("rankings.csv", run.id()))
                .isInstanceOf(RunRefusedException.class)
                .hasMessageStartingWith("Run %d has no complete rankings to export.", run.id());
        assertThatThrownBy(() -> export("rankings.csv", run.id() + 1)).isInstanceOf(RunNotFoundException.class);
        assertThat(folder).isEmptyDirectory();
    }

    @Test
    void deletedUsersAndVenuesAreLeftOutAndRanksHaveNoGaps() throws Exception {
        recompute();
        jdbc.sql("delete from users where id = md5('user3')::uuid").update();
        jdbc.sql("delete from venues where id in (select venue_id from published_venue_ranking where rank = 1)")
                .update();

        RankingsExport.Summary summary = export("rankings.csv");

        assertThat(summary.users()).isEqualTo(59);
        List<String[]> rows = Files.readAllLines(folder.resolve("rankings.csv")).stream()
                .skip(1)
                .map(line -> line.split(",", 4))
                .toList();
        String user = "";
        int rank = 0;
        for (String[] row : rows) {
            rank = row[0].equals(user) ? rank + 1 : 1;
            user = row[0];
            assertThat(row[1]).isEqualTo(Integer.toString(rank));
        }
        assertThat(rows)
                .extracting(row -> row[2])
                .isSubsetOf(jdbc.sql("select id::text from venues")
                        .query(String.class)
                        .list());
    }

    @Test
    void withNobodyLeftThereIsAHeader() throws Exception {
        recompute();
        jdbc.sql("delete from users").update();

        assertThat(export("rankings.csv").users()).isZero();
        assertThat(folder.resolve("rankings.csv")).hasContent(HEADER);
    }

    @Test
    void usersThatARefreshRunDidNotRankHaveTheRankingOfItsBase() throws Exception {
        Run base = recompute();
        export("base.csv");
        // The refresh run knows one venue, by another number than its base does, and ranks one user.
        long refresh = jdbc.sql("""
                        insert into run (kind, requested_by, profile, settings, max_likes, base_run_id, snapshot, snapshot_at)
                        select 'refresh', 'ada', profile, settings, max_likes, id, snapshot, snapshot_at from run where id = ? returning id
                        """).param(base.id()).query(Long.class).single();
        jdbc.sql("select create_run_storage(?)").param(refresh).query().listOfRows();
        jdbc.sql(
                        "insert into run_venue_" + refresh
                                + " select ?, 0, venue_id, category, lat, lng, likes from run_venue where run_id = ? and venue_no = 9")
                .params(refresh, base.id())
                .update();
        byte[] packed = ByteBuffer.allocate(16)
                .putInt(0)
                .putFloat(0.5f)
                .putFloat(Float.NaN)
                .putFloat(1f)
                .array();
        jdbc.sql("insert into venue_ranking_" + refresh + " values (?, md5('user5')::uuid, ?)")
                .params(refresh, packed)
                .update();
        jdbc.sql("select index_run_inputs(?), seal_run_storage(?)")
                .params(refresh, refresh)
                .query()
                .listOfRows();
        jdbc.sql("update run set state = 'completed', phase = 'done', finished_at = now() where id = ?")
                .param(refresh)
                .update();
        jdbc.sql("update published_run set run_id = ?").param(refresh).update();

        export("refreshed.csv");

        String user5 =
                jdbc.sql("select md5('user5')::uuid::text").query(String.class).single();
        List<String> refreshed = Files.readAllLines(folder.resolve("refreshed.csv"));
        assertThat(others(refreshed, user5)).isEqualTo(others(Files.readAllLines(folder.resolve("base.csv")), user5));
        assertThat(refreshed.stream().filter(line -> line.startsWith(user5)))
                .singleElement()
                .satisfies(line -> assertThat(line).contains(",1,", ",0.5000000,,0.0000000,1.0000000,"));
    }

    /** Who was gone then and is there again; the run knows nothing of him. */
    @Test
    void whomARefreshFoundGoneHasNoRanking() throws Exception {
        recompute();
        UUID user5 = jdbc.sql("select md5('user5')::uuid").query(UUID.class).single();
        jdbc.sql("delete from users where id = ?").param(user5).update();
        runs.await(runs.start(RunKind.REFRESH, "test").id(), progress -> {});
        jdbc.sql("insert into users (id, handle, name) values (?, 'again', 'Again')")
                .param(user5)
                .update();

        export("refreshed.jsonl");

        assertThat(Files.readAllLines(folder.resolve("refreshed.jsonl")))
                .hasSize(59)
                .noneMatch(line -> line.contains(user5.toString()));
    }

    @Test
    void nothingIsWrittenWithoutARunOrUnderANameThatTellsNoFormat() throws Exception {
        assertThatThrownBy(() -> export("rankings.csv"))
                .isInstanceOf(TransferRefusedException.class)
                .hasMessageContaining("luna recompute");
        recompute();
        assertThatThrownBy(() -> export("rankings.txt"))
                .isInstanceOf(TransferRefusedException.class)
                .hasMessageContaining(".csv or .jsonl");
        assertThatThrownBy(() -> export("/"))
                .isInstanceOf(TransferRefusedException.class)
                .hasMessageStartingWith("/ tells no format");
        assertThatThrownBy(() -> export("missing/rankings.csv"))
                .isInstanceOf(TransferRefusedException.class)
                .hasMessageContaining("missing");

        try (Stream<Path> files = Files.list(folder)) {
            assertThat(files).isEmpty();
        }
    }

    @Test
    @EnabledOnOs(value = OS.LINUX, disabledReason = "needs a directory that nobody can make a file in")
    void aFileThatCannotBeWrittenIsNamed() throws Exception {
        recompute();

        assertThatThrownBy(() -> export.exportTo(Path.of("/proc/r.csv"), null, (phase, done, total) -> {}))
                .isInstanceOf(TransferRefusedException.class)
                .hasMessageStartingWith("cannot write /proc/r.csv: ");
    }

    @Test
    void whatIsInTheWayOfTheFileIsNamed() throws Exception {
        Path link = Files.createSymbolicLink(folder.resolve("rankings.csv"), Path.of("nowhere"));

        assertThatThrownBy(() -> export("rankings.csv"))
                .isInstanceOf(TransferRefusedException.class)
                .hasMessage(link + " is a link that leads to no file; remove it or choose another name");
    }

    /** Equal texts, and numbers as they are served: to 1e-6. */
    private static void assertSameRow(String row, String expected) {
        Matcher actualRow = ROW.matcher(row);
        Matcher expectedRow = ROW.matcher(expected);
        assertThat(actualRow.matches() && expectedRow.matches()).as(row).isTrue();
        assertThat(actualRow.group(1)).isEqualTo(expectedRow.group(1));
        for (int column = 2; column <= ROW_GROUPS; column++) {
            assertThat(actualRow.group(column).isEmpty())
                    .isEqualTo(expectedRow.group(column).isEmpty());
            if (!actualRow.group(column).isEmpty()) {
                assertThat(Double.parseDouble(actualRow.group(column)))
                        .isCloseTo(Double.parseDouble(expectedRow.group(column)), within(1e-6));
            }
        }
    }

    private RankingsExport.Summary export(String name) throws IOException {
        return export(name, null);
    }

    private RankingsExport.Summary export(String name, @Nullable Long runId) throws IOException {
        return export.exportTo(folder.resolve(name), runId, (phase, done, total) -> {});
    }

    private Run recompute() throws InterruptedException {
        Run run = runs.await(runs.start(RunKind.FULL, "ada").id(), progress -> {});
        assertThat(run.published()).as(run.sentence()).isTrue();
        return run;
    }

    private static List<String> others(List<String> lines, String userId) {
        return lines.stream().filter(line -> !line.startsWith(userId)).toList();
    }

    private static String row(JsonNode user, JsonNode venue) {
        String name = venue.path("venue_name").asString();
        return String.format(
                Locale.ROOT,
                "%s,%d,%s,%s,%s,%.7f,%s,%.7f,%.7f,%.7f",
                user.path("user_id").asString(),
                venue.path("rank").asInt(),
                venue.path("venue_id").asString(),
                name.contains("\"") ? '"' + name.replace("\"", "\"\"") + '"' : name,
                venue.path("category").isNull() ? "" : venue.path("category").asString(),
                venue.path("score").asDouble(),
                venue.path("distance_km").isNull()
                        ? ""
                        : String.format(
                                Locale.ROOT, "%.6f", venue.path("distance_km").asDouble()),
                venue.path("spatial_score").asDouble(),
                venue.path("preference_score").asDouble(),
                venue.path("popularity_score").asDouble());
    }
}
