package dev.luna.batch.transfer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.luna.batch.database.TestDatabase;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.jdbc.datasource.DataSourceTransactionManager;

/** A real city with one broken row among its 391,180 interactions; runs where the shared data lies beside the project. */
class YelpBrokenRowIT {

    private static final Path YELP = Path.of("../../shared/data/yelp");
    private static final TestDatabase DATABASE = TestDatabase.migrated();
    private static final int BROKEN_LINE = 200_000;

    @Test
    void oneBrokenRowInTheMiddleIsNamedAndNothingIsImported(@TempDir Path directory) throws IOException {
        assumeTrue(
                Files.isDirectory(YELP), "no data in " + YELP.toAbsolutePath().normalize());
        for (String file : List.of("users.csv.gz", "venues.csv.gz", "social_edges.csv.gz")) {
            Files.copy(YELP.resolve(file), directory.resolve(file));
        }
        copyWithABrokenRow(YELP.resolve("interactions.csv.gz"), directory.resolve("interactions.csv"));
        CsvImport csvImport = new CsvImport(
                DATABASE.dataSource(), DATABASE.jdbc(), new DataSourceTransactionManager(DATABASE.dataSource()));

        TransferRefusedException refused = catchThrowableOfType(
                TransferRefusedException.class, () -> csvImport.importFrom(directory, (phase, done, total) -> {}));

        assertThat(refused)
                .hasMessage(
                        "nothing was imported:\n  interactions.csv line 200000, column interaction_type: 'adore' is none of view, interest,"
                                + " like");
        for (String table : List.of("users", "venues", "user_venue_interactions", "user_social_edges")) {
            assertThat(DATABASE.jdbc()
                            .sql("select count(*) from " + table)
                            .query(Long.class)
                            .single())
                    .isZero();
        }
    }

    private static void copyWithABrokenRow(Path from, Path to) throws IOException {
        try (BufferedReader in = new BufferedReader(new InputStreamReader(
                        new GZIPInputStream(Files.newInputStream(from)), StandardCharsets.UTF_8));
                PrintWriter out = new PrintWriter(Files.newBufferedWriter(to))) {
            int number = 1;
            for (String line = in.readLine(); line != null; line = in.readLine()) {
                String[] fields = line.split(",", -1);
                if (number++ == BROKEN_LINE) {
                    fields[3] = "adore";
                }
                out.println(String.join(",", fields));
            }
        }
    }
}
