package dev.luna.batch.transfer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.luna.batch.database.TestDatabase;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.jdbc.datasource.DataSourceTransactionManager;

/** What cannot be read as a directory of CSV files, whole and in UTF-8, is refused where it shows; nothing is imported. */
class UnreadableFilesIT {

    private static final TestDatabase DATABASE = TestDatabase.migrated();

    private final CsvImport csvImport = new CsvImport(
            DATABASE.dataSource(), DATABASE.jdbc(), new DataSourceTransactionManager(DATABASE.dataSource()));

    @TempDir
    private Path directory;

    private CsvDirectory files;

    @BeforeEach
    void aSmallCity() throws IOException {
        files = CsvDirectory.smallCity(directory);
    }

    @AfterEach
    void nothingIsImported() {
        for (Dataset dataset : Dataset.values()) {
            assertThat(DATABASE.jdbc()
                            .sql("select from " + dataset.table())
                            .query()
                            .listOfRows())
                    .isEmpty();
        }
    }

    @Test
    void aDirectoryWithoutFilesIsRefused() throws IOException {
        assertThat(refusalOf(CsvDirectory.empty(directory.resolve("empty"))))
                .hasMessageContaining("has none of users.csv");
        assertThat(refusalOf(new CsvDirectory(directory.resolve("absent"))))
                .hasMessageEndingWith("absent is not a directory");
    }

    @Test
    void whatIsThereButNoFileIsNotTakenForAbsent() throws IOException {
        files.delete("venues.csv");

        Path venues = Files.createDirectory(directory.resolve("venues.csv"));
        assertThat(refusalOf(files)).hasMessageStartingWith(venues + " is a directory");
        Files.delete(venues);
        Path compressed = Files.createSymbolicLink(directory.resolve("venues.csv.gz"), Path.of("nowhere"));
        assertThat(refusalOf(files)).hasMessageStartingWith(compressed + " is a link that leads to no file");
    }

    @Test
    void aFileInBothFormsIsRefused() throws IOException {
        files.file("users.csv.gz", CsvDirectory.gzip("id\n"));

        assertThat(refusalOf(files)).hasMessageContaining("both users.csv and users.csv.gz");
    }

    @Test
    void bytesThatAreNotUtf8AreFoundInTheirRowAndColumn() throws IOException {
        files.file(
                "venues.csv",
                "id,name,lat,lng\nBAR,Bar,0,0\nCAFE,Caf\u00e9,0,0\n".getBytes(StandardCharsets.ISO_8859_1));

        // Ids are placeholders here, so they are wrong as well.
        assertThat(sentences())
                .contains("venues.csv line 3, column name: 'Caf\ufffd' is not UTF-8; save the file in that encoding");
    }

    /** The rat's second half is what such bytes are decoded to; the last name lacks its last byte. */
    @Test
    void wholeCharactersBesideSuchBytesAreShownAsTheyAre() throws IOException {
        byte[] names =
                "id,handle,name\nADA,ada,\ud83d\udc00\nBOB,bob,\ud83d\udc00\u00e9".getBytes(StandardCharsets.UTF_8);
        files.file("users.csv", Arrays.copyOf(names, names.length - 1));

        assertThat(sentences())
                .contains(
                        "users.csv line 3, column name: '\ud83d\udc00\ufffd' is not UTF-8; save the file in that encoding")
                .noneMatch(sentence -> sentence.startsWith("users.csv line 2, column name"));
    }

    @Test
    void aFileInAnotherEncodingIsRefusedAtItsHeader() throws IOException {
        files.file("venues.csv", "id,name,lat,lng\n".getBytes(StandardCharsets.UTF_16));

        assertThat(sentences()).containsExactly("venues.csv line 1: the file is not UTF-8");
    }

    @Test
    void aTruncatedGzipFileIsRefusedWhereItEnds() throws IOException {
        String rows = String.join(
                "\n",
                IntStream.range(0, 20_000)
                        .mapToObj(i -> "ADA,CAFE,view," + i * 7919 % 1000)
                        .toList());
        byte[] whole = CsvDirectory.gzip("user_id,venue_id,interaction_type,dwell_time\n" + rows + "\n");
        files.delete("interactions.csv").file("interactions.csv.gz", Arrays.copyOf(whole, whole.length / 2));

        assertThat(sentences())
                .singleElement()
                .asString()
                .containsPattern("gz line (\\d{4}|1[0-8]\\d{3}): the compressed file ends early");
    }

    @Test
    void aGzipFileWithoutItsLastBytesIsRefused() throws IOException {
        byte[] whole = CsvDirectory.gzip("user_id,venue_id,interaction_type\nADA,CAFE,view\n");
        files.delete("interactions.csv").file("interactions.csv.gz", Arrays.copyOf(whole, whole.length - 4));

        assertThat(sentences())
                .containsExactly(
                        "interactions.csv.gz line 3: the compressed file ends early, it is truncated; copy it again");
    }

    @Test
    void aGzipFileOfSeveralMembersMustBeWhole() throws IOException {
        String header = "user_id,venue_id,interaction_type\n";
        int first = CsvDirectory.gzip(header + "ADA,CAFE,view\n").length;
        byte[] both = CsvDirectory.gzip(header + "ADA,CAFE,view\n", "BOB,CAFE,view\n");
        files.delete("interactions.csv");

        for (int length = first + 1; length < both.length; length++) {
            files.file("interactions.csv.gz", Arrays.copyOf(both, length));
            assertThat(sentences())
                    .as("%d of %d bytes", length, both.length)
                    .singleElement()
                    .asString()
                    .contains("truncated");
        }
    }

    @Test
    void aDamagedGzipFileIsRefused() throws IOException {
        byte[] damaged = CsvDirectory.gzip("user_id,venue_id,interaction_type\nADA,CAFE,view\n");
        damaged[damaged.length - 6] ^= 1;
        files.delete("interactions.csv").file("interactions.csv.gz", damaged);

        assertThat(sentences()).singleElement().asString().contains("interactions.csv.gz", "damaged");
    }

    @Test
    void plainTextUnderACompressedNameIsRefused() throws IOException {
        files.delete("interactions.csv").file("interactions.csv.gz", "user_id,venue_id,interaction_type\n");

        assertThat(sentences())
                .containsExactly(
                        "interactions.csv.gz: the compressed file is damaged or no gzip file (Not in GZIP format)");
    }

    @Test
    void aForgottenQuotationMarkIsFoundWhereItOpens() throws IOException {
        files.file("venues.csv", "id,name,lat,lng\nBAR,Bar,0,0\nCAFE,\"Cafe,0,0\nCAFE,Cafe,0,0\n");

        assertThat(sentences()).singleElement().asString().startsWith("venues.csv line 3: is not CSV: ");
    }

    @Test
    void aFileThatVanishesIsToldSo() throws IOException {
        TransferProgress somebodyCleansUp = (phase, done, total) -> {
            if (phase.equals("reading users.csv")) {
                directory.resolve("venues.csv").toFile().delete();
            }
        };

        TransferRefusedException refused = catchThrowableOfType(
                TransferRefusedException.class, () -> csvImport.importFrom(files.path(), somebodyCleansUp));

        assertThat(refused).hasMessageEndingWith("venues.csv: cannot be read: no such file or directory");
    }

    @Test
    void anEmptyFileHasNoHeader() throws IOException {
        files.file("venues.csv", "");

        assertThat(sentences()).containsExactly("venues.csv: the file is empty; a header with the columns is expected");
    }

    private List<String> sentences() {
        TransferRefusedException refused = refusalOf(files);
        assertThat(refused).hasMessageStartingWith("nothing was imported:");
        return refused.getMessage().lines().skip(1).map(String::strip).toList();
    }

    private TransferRefusedException refusalOf(CsvDirectory unreadable) {
        TransferRefusedException refused = catchThrowableOfType(
                TransferRefusedException.class,
                () -> csvImport.importFrom(unreadable.path(), (phase, done, total) -> {}));
        assertThat(refused.kind()).isEqualTo(TransferRefusedException.Kind.INPUT);
        return refused;
    }
}
