package dev.luna.batch.transfer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.luna.batch.database.TestDatabase;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.datasource.DataSourceTransactionManager;

/** An export is what an import reads. */
class CsvExportIT {

    private static final TestDatabase DATABASE = TestDatabase.migrated();

    private final JdbcClient jdbc = DATABASE.jdbc();
    private final DataSourceTransactionManager transactions = new DataSourceTransactionManager(DATABASE.dataSource());
    private final CsvImport csvImport = new CsvImport(DATABASE.dataSource(), jdbc, transactions);
    private final CsvExport csvExport = new CsvExport(DATABASE.dataSource(), jdbc, transactions);

    @TempDir
    private Path directory;

    @BeforeEach
    void aSmallCity() throws IOException {
        DATABASE.clear();
        csvImport.importFrom(CsvDirectory.smallCity(directory.resolve("city")).path(), (phase, done, total) -> {});
    }

    @Test
    void filesHaveTheColumnsOfTheTablesAndRowsById() throws IOException {
        TransferSummary summary = export("out", false);

        assertThat(summary.files())
                .containsExactly(
                        new TransferSummary.FileSummary("users.csv", 2, 0),
                        new TransferSummary.FileSummary("venues.csv", 2, 0),
                        new TransferSummary.FileSummary("interactions.csv", 2, 0),
                        new TransferSummary.FileSummary("social_edges.csv", 1, 0));
        assertThat(directory.resolve("out/users.csv")).hasContent(CsvDirectory.withIds("""
                        id,handle,name,age,home_lat,home_lng,created_at
                        ADA,ada,Ada,36,48.1,11.5,2025-01-01T00:00:00Z
                        BOB,bob,Bob,,,,2024-12-31T22:00:00.000001Z
                        """));
        assertThat(directory.resolve("out/interactions.csv")).hasContent(CsvDirectory.withIds("""
                        id,user_id,venue_id,interaction_type,dwell_time,created_at
                        VISIT,ADA,CAFE,view,120,2025-02-01T12:00:00Z
                        LIKE,BOB,BAR,like,,2025-02-01T12:00:00.5Z
                        """));
    }

    @Test
    void whatKilledExportsLeftOfAFileIsRemovedButNotWhatOneMayStillWrite() throws IOException {
        export("out", false);
        Path out = directory.resolve("out");
        FileTime longAgo = FileTime.from(Instant.now().minus(Duration.ofHours(7)));
        Path abandoned = Files.createFile(out.resolve(".users.csv." + UUID.randomUUID() + ".tmp"));
        Path young = Files.createFile(out.resolve(".users.csv." + UUID.randomUUID() + ".tmp"));
        Path ofAnother = Files.createFile(out.resolve(".users.csv.gz." + UUID.randomUUID() + ".tmp"));
        Files.setLastModifiedTime(abandoned, longAgo);
        Files.setLastModifiedTime(ofAnother, longAgo);

        export("out", false);

        assertThat(abandoned).doesNotExist();
        assertThat(young).exists();
        assertThat(ofAnother).exists();
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void anImportedExportExportsTheSameBytes(boolean gzip) throws IOException {
        insertOddities();
        export("first", gzip);
        DATABASE.clear();

        csvImport.importFrom(directory.resolve("first"), (phase, done, total) -> {});
        export("second", gzip);

        assertThat(contents("second")).isEqualTo(contents("first")).hasSize(4);
    }

    @Test
    void aDatabaseThatReadsBackslashesItsOwnWayExportsTheSameBytes() throws IOException {
        jdbc.sql("insert into users (handle, name, created_at) values ('eve', 'Eve', '2026-05-01 19:30:00.25Z')")
                .update();
        export("before", false);
        String database =
                jdbc.sql("select current_database()").query(String.class).single();
        jdbc.sql("alter database " + database + " set standard_conforming_strings = off")
                .update();
        try {
            export("after", false);
        } finally {
            jdbc.sql("alter database " + database + " reset all").update();
        }

        assertThat(directory.resolve("after/users.csv")).content().contains(",2026-05-01T19:30:00.25Z\n");
        assertThat(contents("after")).isEqualTo(contents("before"));
    }

    @Test
    void anExportReplacesTheOneBeforeAndLeavesNothingElse() throws IOException {
        export("out", false);
        jdbc.sql("delete from user_social_edges").update();

        export("out", false);

        assertThat(directory.resolve("out/social_edges.csv"))
                .hasContent("id,user_id,other_user_id,relationship_type,strength,created_at\n");
        assertThat(contents("out")).containsOnlyKeys("users.csv", "venues.csv", "interactions.csv", "social_edges.csv");
    }

    @Test
    void filesMayBeReadByWhoMayReadOtherNewFiles() throws IOException {
        export("out", false);

        assertThat(Files.getPosixFilePermissions(directory.resolve("out/users.csv")))
                .isEqualTo(Files.getPosixFilePermissions(Files.createFile(directory.resolve("other"))));
    }

    @Test
    void twoFormsOfOneFileAreNotMadeInOneDirectory() {
        export("out", true);

        assertThatThrownBy(() -> export("out", false))
                .isInstanceOf(TransferRefusedException.class)
                .hasMessageContaining("users.csv.gz is there already");
    }

    @Test
    void whatIsInTheWayOfAFileIsNamedBeforeAnyIsWritten() throws IOException {
        Path inTheWay = Files.createDirectories(directory.resolve("out/social_edges.csv"));

        assertThatThrownBy(() -> export("out", false))
                .isInstanceOf(TransferRefusedException.class)
                .hasMessage(inTheWay + " is a directory; remove it or choose another directory");

        assertThat(namesIn("out")).containsExactly("social_edges.csv");
    }

    @Test
    void aFileIsNoDirectoryToExportTo() throws IOException {
        Path file = Files.createFile(directory.resolve("out"));

        assertThatThrownBy(() -> export("out", false))
                .isInstanceOf(TransferRefusedException.class)
                .hasMessage(file + " is not a directory");
    }

    @Test
    void anExportThatFailsAmongItsFilesNamesThoseThatAreNew() throws IOException {
        export("out", false);
        Path edges = directory.resolve("out/social_edges.csv");

        assertThatThrownBy(() -> csvExport.exportTo(directory.resolve("out"), false, (phase, done, total) -> {
                    if (done == total && phase.endsWith("social_edges.csv")) {
                        putADirectoryInPlaceOf(edges);
                    }
                }))
                .isInstanceOf(TransferRefusedException.class)
                .hasMessageStartingWith("cannot write into " + directory.resolve("out") + ": ")
                .hasMessageEndingWith("; already written: users.csv, venues.csv, interactions.csv;"
                        + " the rest is as before, so export again");

        assertThat(namesIn("out")).containsExactly("interactions.csv", "social_edges.csv", "users.csv", "venues.csv");
    }

    @Test
    @Timeout(60)
    void anExportThatFailsAmongItsRowsLeavesNoFileAndNoTransaction() throws IOException {
        jdbc.sql("insert into users (handle, name) select 'user' || n, 'U' from generate_series(1, 2000) n")
                .update();

        assertThatThrownBy(() -> csvExport.exportTo(directory.resolve("out"), false, (phase, done, total) -> {
                    if (done > 0) {
                        throw new IllegalStateException("no room");
                    }
                }))
                .hasMessage("no room");

        assertThat(contents("out")).isEmpty();
        assertThat(jdbc.sql("""
                        select count(*) from pg_stat_activity
                        where datname = current_database() and state like 'idle in transaction%'
                        """).query(Long.class).single()).isZero();
    }

    @Test
    @EnabledOnOs(value = OS.LINUX, disabledReason = "needs a directory that nobody can make a file in")
    void aDirectoryThatTakesNoFileIsNamed() {
        assertThatThrownBy(() -> csvExport.exportTo(Path.of("/proc"), false, (phase, done, total) -> {}))
                .isInstanceOf(TransferRefusedException.class)
                .hasMessageStartingWith("cannot write into /proc: ");
    }

    /** Texts that need quoting, the ends of all ranges, doubles that need all their digits. */
    private void insertOddities() {
        jdbc.sql("""
                        insert into users (handle, name, age, home_lat, home_lng, created_at) values
                          ('comma,', 'quote "', 0, 90, 180, '0001-01-01 00:00:00Z'),
                          ('line' || chr(10) || 'end', 'return' || chr(13), 150, -90, -180, '9999-12-31 23:59:59.999999Z'),
                          ('\\.', ' spaces ', null, 0.1::float8 + 0.2::float8, 5e-324, '2025-01-01 00:00:00.1+05:30'),
                          ('\u2603\ud83d\ude00', '""', null, null, null, '1969-12-31 23:59:59.999999Z'),
                          ('\uffff', '\ud83d\udc00\ud800\udc00', null, null, null, now())
                        """).update();
        jdbc.sql(
                        "insert into venues (name, description, lat, lng, rating) values ('#', repeat('\u00e9', 4000), -0.0, 0, 5)")
                .update();
    }

    private TransferSummary export(String name, boolean gzip) {
        return csvExport.exportTo(directory.resolve(name), gzip, (phase, done, total) -> {});
    }

    private static void putADirectoryInPlaceOf(Path file) {
        try {
            Files.delete(file);
            Files.createDirectory(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private List<String> namesIn(String name) throws IOException {
        try (Stream<Path> files = Files.list(directory.resolve(name))) {
            return files.map(file -> file.getFileName().toString()).sorted().toList();
        }
    }

    private Map<String, String> contents(String name) throws IOException {
        Map<String, String> contents = new TreeMap<>();
        try (Stream<Path> files = Files.list(directory.resolve(name))) {
            for (Path file : files.toList()) {
                contents.put(file.getFileName().toString(), HexFormat.of().formatHex(Files.readAllBytes(file)));
            }
        }
        return contents;
    }
}
