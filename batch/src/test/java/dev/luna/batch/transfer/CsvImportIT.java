package dev.luna.batch.transfer;

import static org.assertj.core.api.Assertions.assertThat;

import dev.luna.batch.database.TestDatabase;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.datasource.DataSourceTransactionManager;
import org.springframework.jdbc.datasource.SingleConnectionDataSource;

/** What an import does with files that are fine. */
class CsvImportIT {

    private static final TestDatabase DATABASE = TestDatabase.migrated();

    private final JdbcClient jdbc = DATABASE.jdbc();
    private final CsvImport csvImport =
            new CsvImport(DATABASE.dataSource(), jdbc, new DataSourceTransactionManager(DATABASE.dataSource()));

    @TempDir
    private Path directory;

    @BeforeEach
    void emptyDatabase() {
        DATABASE.clear();
    }

    @Test
    void everyColumnArrivesAsWritten() throws Exception {
        TransferSummary summary = load(CsvDirectory.smallCity(directory));

        assertThat(summary.files())
                .containsExactly(
                        new TransferSummary.FileSummary("users.csv", 2, 2),
                        new TransferSummary.FileSummary("venues.csv", 2, 2),
                        new TransferSummary.FileSummary("interactions.csv", 2, 2),
                        new TransferSummary.FileSummary("social_edges.csv", 1, 1));
        assertThat(rows("users"))
                .containsExactly(
                        withIds("(ADA,ada,Ada,36,48.1,11.5,\"2025-01-01 00:00:00+00\")"),
                        withIds("(BOB,bob,Bob,,,,\"2024-12-31 22:00:00.000001+00\")"));
        assertThat(rows("venues"))
                .containsExactly(
                        withIds("(BAR,Bar,,,-33.5,151.25,,,\"2025-01-01 00:00:00+00\")"),
                        withIds("(CAFE,Cafe,\"Cake, and \"\"coffee\"\"\ntwice\",cafe,48.12,11.52,2,4.5,"
                                + "\"2025-01-01 00:00:00+00\")"));
        assertThat(rows("user_venue_interactions"))
                .containsExactly(
                        withIds("(VISIT,ADA,CAFE,view,120,\"2025-02-01 12:00:00+00\")"),
                        withIds("(LIKE,BOB,BAR,like,,\"2025-02-01 12:00:00.5+00\")"));
        assertThat(rows("user_social_edges"))
                .containsExactly(withIds("(EDGE,ADA,BOB,friend,0.75,\"2025-01-01 00:00:00+00\")"));
    }

    @Test
    void compressedFilesOfAnyColumnOrderLineEndAndCaseOfIdsAreRead() throws IOException {
        CsvDirectory files = CsvDirectory.empty(directory)
                .file(
                        "users.csv.gz",
                        CsvDirectory.gzip("\ufeff\"name\",handle,id\r\nAda,ada,ADA\r\n", "\r\nB\u00f6b,bob,BOB\r\n"))
                .file(
                        "social_edges.csv",
                        "strength,relationship_type,other_user_id,user_id\n1,mutual,BOB," + upper("ADA"));

        load(files);

        assertThat(texts("select name from users order by handle")).containsExactly("Ada", "B\u00f6b");
        assertThat(texts("select strength from user_social_edges")).containsExactly("1");
    }

    /** Twice as many to Java, which counts halves of them. */
    @Test
    void lengthsCountCharactersAsTheDatabaseDoes() throws IOException {
        String longest = "\ud83c\udf7a".repeat(64);

        load(CsvDirectory.empty(directory).file("users.csv", "id,handle,name\nADA," + longest + ",Ada\n"));

        assertThat(texts("select handle from users")).containsExactly(longest);
    }

    @Test
    void theSameFilesAgainChangeNothing() throws IOException {
        CsvDirectory files = CsvDirectory.smallCity(directory);
        load(files);
        List<String> before = texts("select xmin from users order by id");

        TransferSummary again = load(files);

        assertThat(again.files()).allSatisfy(file -> assertThat(file.changed()).isZero());
        assertThat(texts("select xmin from users order by id")).isEqualTo(before);
    }

    @Test
    void rowsWithKnownIdsAreUpdated() throws IOException {
        load(CsvDirectory.smallCity(directory));

        TransferSummary again = load(CsvDirectory.smallCity(directory)
                .file("users.csv", "id,handle,name\nADA,ada,Ada Lovelace\nBOB,bob,Bob\n"));

        assertThat(again.files().get(0).changed()).isEqualTo(1);
        assertThat(texts("select name from users order by id")).containsExactly("Ada Lovelace", "Bob");
    }

    @Test
    void absentColumnsKeepTheirValueAndEmptyFieldsClearIt() throws IOException {
        load(CsvDirectory.smallCity(directory));

        load(CsvDirectory.empty(directory.resolve("more"))
                .file(
                        "users.csv",
                        "id,handle,name,age,created_at\nADA,ada,Ada,,\nBOB,bob,Bob,,2020-05-01T00:00:00Z\n"));

        assertThat(texts(
                        "select coalesce(age::text, 'unknown') || ' ' || home_lat || ' ' || extract(year from created_at at time zone 'UTC') from users"
                                + " where handle = 'ada'"))
                .containsExactly("unknown 48.1 2025");
        assertThat(texts("select extract(year from created_at) from users where handle = 'bob'"))
                .containsExactly("2020");
    }

    @Test
    void usersMaySwapHandles() throws IOException {
        load(CsvDirectory.smallCity(directory));

        load(CsvDirectory.empty(directory.resolve("more"))
                .file("users.csv", "id,handle,name\nADA,bob,Ada\nBOB,ada,Bob\n"));

        assertThat(texts("select handle from users order by id")).containsExactly("bob", "ada");
    }

    @Test
    void noHandleIsInTheWayOfOneThatChanges() throws IOException {
        load(CsvDirectory.smallCity(directory));
        jdbc.sql("insert into users (handle, name) values ('importing ' || ?, 'Eve')")
                .param(CsvDirectory.ADA)
                .update();

        load(CsvDirectory.empty(directory.resolve("more")).file("users.csv", "id,handle,name\nADA,lovelace,Ada\n"));

        assertThat(texts("select handle from users where name = 'Ada'")).containsExactly("lovelace");
    }

    @Test
    void interactionsWithoutIdsGetThem() throws IOException {
        CsvDirectory files = CsvDirectory.smallCity(directory)
                .file(
                        "interactions.csv",
                        "user_id,venue_id,interaction_type\nADA,CAFE,view\nADA,CAFE,view\nADA,BAR,like\n");

        load(files);

        assertThat(texts("select count(distinct id) from user_venue_interactions"))
                .containsExactly("3");
    }

    @Test
    void anEdgeReplacesTheOneOfItsPair() throws IOException {
        load(CsvDirectory.smallCity(directory));
        CsvDirectory more = CsvDirectory.empty(directory.resolve("more"));

        load(more.file(
                "social_edges.csv", "id,user_id,other_user_id,relationship_type,strength\nCAFE,ADA,BOB,friend,0.5\n"));
        assertThat(
                        texts(
                                "select id || ' ' || strength || ' ' || extract(year from created_at at time zone 'UTC') from user_social_edges"))
                .containsExactly(CsvDirectory.CAFE + " 0.5 2025");

        load(more.file("social_edges.csv", "user_id,other_user_id,relationship_type,strength\nADA,BOB,friend,0.25\n"));
        assertThat(
                        texts(
                                "select id || ' ' || strength || ' ' || extract(year from created_at at time zone 'UTC') from user_social_edges"))
                .containsExactly(CsvDirectory.CAFE + " 0.25 2025");
    }

    @Test
    void edgesMaySwapPairs() throws IOException {
        String header = "id,user_id,other_user_id,relationship_type,strength\n";
        load(CsvDirectory.smallCity(directory)
                .file("social_edges.csv", header + "EDGE,ADA,BOB,friend,0.5\nCAFE,BOB,ADA,friend,0.25\n"));

        load(CsvDirectory.smallCity(directory)
                .file("social_edges.csv", header + "CAFE,ADA,BOB,friend,0.5\nEDGE,BOB,ADA,friend,0.25\n"));

        assertThat(texts("select id || ' ' || strength from user_social_edges order by id"))
                .containsExactly(CsvDirectory.CAFE + " 0.5", CsvDirectory.EDGE + " 0.25");
    }

    @Test
    void anEdgeWithoutIdIsANewOneWhenTheIdOfItsPairGoesToAnother() throws IOException {
        load(CsvDirectory.smallCity(directory));

        load(CsvDirectory.empty(directory.resolve("more")).file("social_edges.csv", """
                id,user_id,other_user_id,relationship_type,strength
                ,ADA,BOB,friend,0.5
                EDGE,BOB,ADA,friend,0.25
                """));

        assertThat(texts("select strength from user_social_edges where id <> '%s' and user_id = '%s'"
                        .formatted(CsvDirectory.EDGE, CsvDirectory.ADA)))
                .containsExactly("0.5");
        assertThat(texts("select strength from user_social_edges where id = '%s' and user_id = '%s'"
                        .formatted(CsvDirectory.EDGE, CsvDirectory.BOB)))
                .containsExactly("0.25");
    }

    @Test
    void aFileMayReferToRowsOfEarlierImports() throws IOException {
        load(CsvDirectory.smallCity(directory));

        TransferSummary summary = load(CsvDirectory.empty(directory.resolve("more"))
                .file("interactions.csv", "user_id,venue_id,interaction_type\nADA,CAFE,like\n"));

        assertThat(summary.files()).hasSize(1);
        assertThat(texts("select count(*) from user_venue_interactions")).containsExactly("3");
    }

    @Test
    void progressGoesFromTheFirstToTheLastByte() throws IOException {
        List<Long> done = new ArrayList<>();
        List<Long> totals = new ArrayList<>();

        csvImport.importFrom(CsvDirectory.smallCity(directory).path(), (phase, at, total) -> {
            if (phase.startsWith("reading")) {
                done.add(at);
                totals.add(total);
            }
        });

        assertThat(done).isSorted();
        assertThat(totals).containsOnly(done.get(done.size() - 1));
    }

    @Test
    void afterwardsPostgresKnowsHowMuchThereIs() throws IOException {
        jdbc.sql("analyze users, user_change").update();

        load(CsvDirectory.smallCity(directory));

        for (String table : List.of("users", "user_change")) {
            assertThat(jdbc.sql("select reltuples from pg_class where relname = ?")
                            .param(table)
                            .query(Integer.class)
                            .single())
                    .as(table)
                    .isEqualTo(2);
        }
    }

    @Test
    void aLinkToAFileIsRead() throws IOException {
        CsvDirectory.smallCity(directory.resolve("city"));
        CsvDirectory links = CsvDirectory.empty(directory.resolve("links"));
        Files.createSymbolicLink(links.path().resolve("users.csv"), Path.of("../city/users.csv"));

        load(links);

        assertThat(texts("select handle from users order by id")).containsExactly("ada", "bob");
    }

    private TransferSummary load(CsvDirectory files) {
        return csvImport.importFrom(files.path(), (phase, done, total) -> {});
    }

    /** In a session of its own, whose times are not those of this JVM's zone. */
    private static List<String> rows(String table) throws SQLException {
        try (Connection session = DATABASE.dataSource().getConnection()) {
            JdbcClient utc = JdbcClient.create(new SingleConnectionDataSource(session, true));
            utc.sql("set timezone = 'UTC'").update();
            return utc.sql("select t::text from " + table + " t order by id")
                    .query(String.class)
                    .list();
        }
    }

    private List<String> texts(String sql) {
        return jdbc.sql(sql).query(String.class).list();
    }

    private static String withIds(String content) {
        return CsvDirectory.withIds(content);
    }

    private static String upper(String name) {
        return withIds(name).toUpperCase(Locale.ROOT);
    }
}
