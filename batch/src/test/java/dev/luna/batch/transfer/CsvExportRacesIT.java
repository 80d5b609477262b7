package dev.luna.batch.transfer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.luna.batch.database.TestDatabase;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.datasource.DataSourceTransactionManager;

/** An export beside somebody who changes the same tables, or ends its session. */
class CsvExportRacesIT {

    private static final TestDatabase DATABASE = TestDatabase.migrated();

    private final JdbcClient jdbc = DATABASE.jdbc();
    private final DataSourceTransactionManager transactions = new DataSourceTransactionManager(DATABASE.dataSource());
    private final CsvExport csvExport = new CsvExport(DATABASE.dataSource(), jdbc, transactions);

    @TempDir
    private Path directory;

    @BeforeEach
    void aSmallCity() throws IOException {
        DATABASE.clear();
        new CsvImport(DATABASE.dataSource(), jdbc, transactions)
                .importFrom(CsvDirectory.smallCity(directory.resolve("city")).path(), (phase, done, total) -> {});
    }

    @Test
    void whatIsAddedMeanwhileIsInNoFile() throws IOException {
        export("before");
        TransferProgress somebodyComes = (phase, done, total) -> {
            if (phase.equals("writing users.csv") && done == total) {
                inASessionOfItsOwn(CsvDirectory.withIds("""
                        with eve as (insert into users (handle, name) values ('eve', 'Eve') returning id)
                        insert into user_venue_interactions (user_id, venue_id, interaction_type)
                        select id, 'CAFE', 'like' from eve
                        """));
            }
        };

        csvExport.exportTo(directory.resolve("meanwhile"), false, somebodyComes);

        assertThat(contents("meanwhile")).isEqualTo(contents("before"));
        assertThat(jdbc.sql("select count(*) from users").query(Long.class).single())
                .isEqualTo(3);
    }

    @Test
    void whatIsExportedCannotBeEmptiedMeanwhile() throws IOException {
        export("before");
        AtomicInteger attempts = new AtomicInteger();
        TransferProgress somebodyStartsAnew = (phase, done, total) -> {
            if (phase.equals("writing venues.csv") && attempts.incrementAndGet() == 1) {
                assertThatThrownBy(
                                () -> inASessionOfItsOwn("set lock_timeout = '10ms'; truncate user_venue_interactions"))
                        .hasMessageContaining("lock timeout");
            }
        };

        csvExport.exportTo(directory.resolve("meanwhile"), false, somebodyStartsAnew);

        assertThat(attempts).hasPositiveValue();
        assertThat(contents("meanwhile")).isEqualTo(contents("before"));
    }

    @Test
    void whyTheSessionEndedIsToldAndNotThatItsRollbackFailed() throws IOException {
        // Between two files: what ends a COPY is kept by the driver.
        TransferProgress somebodyEndsTheSession = endOfTheSessionAfter("users.csv");

        assertThatThrownBy(() -> csvExport.exportTo(directory.resolve("out"), false, somebodyEndsTheSession))
                .rootCause()
                .hasMessageContaining("terminating connection due to administrator");

        assertThat(contents("out")).isEmpty();
    }

    @Test
    void aSessionThatEndsAfterTheLastRowIsNoFailureOfWhatIsWritten() throws IOException {
        export("before");

        TransferSummary summary =
                csvExport.exportTo(directory.resolve("meanwhile"), false, endOfTheSessionAfter("social_edges.csv"));

        assertThat(summary.files()).hasSize(4);
        assertThat(contents("meanwhile")).isEqualTo(contents("before"));
    }

    private static TransferProgress endOfTheSessionAfter(String file) {
        return (phase, done, total) -> {
            if (phase.equals("writing " + file) && done == total) {
                inASessionOfItsOwn("""
                        select pg_terminate_backend(pid) from pg_locks
                        where relation = 'users'::regclass and pid <> pg_backend_pid()
                        """);
            }
        };
    }

    private TransferSummary export(String name) {
        return csvExport.exportTo(directory.resolve(name), false, (phase, done, total) -> {});
    }

    private static void inASessionOfItsOwn(String sql) {
        try (Connection other = DATABASE.dataSource().getConnection()) {
            other.createStatement().execute(sql);
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    private Map<String, String> contents(String name) throws IOException {
        Map<String, String> contents = new TreeMap<>();
        try (Stream<Path> files = Files.list(directory.resolve(name))) {
            for (Path file : files.toList()) {
                contents.put(file.getFileName().toString(), Files.readString(file));
            }
        }
        return contents;
    }
}
