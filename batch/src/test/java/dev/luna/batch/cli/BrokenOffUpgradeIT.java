package dev.luna.batch.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.luna.batch.database.TestDatabase;
import dev.luna.batch.run.Eventually;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.flywaydb.core.Flyway;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Processes that are told to end while they wait to upgrade the database's tables. */
class BrokenOffUpgradeIT {

    private static final String OLD_VERSION = "20";

    /** More than Flyway makes before it gives up. */
    private static final int MANY_ATTEMPTS = 6;

    private final TestDatabase database = TestDatabase.empty();

    @TempDir
    private Path directory;

    @BeforeEach
    void anOldDatabase() {
        Flyway.configure()
                .dataSource(database.dataSource())
                .target(OLD_VERSION)
                .load()
                .migrate();
    }

    @Test
    void aProcessThatWaitsForAReaderLeavesTheUpgradeUndone() throws Exception {
        try (Connection reader = reader()) {
            Process process = luna();
            Eventually.holds("it waits", () -> output().contains("waits for whoever uses them: [session "));

            expectEnd(process);

            reader.rollback();
        }
    }

    @Test
    void aProcessThatWaitsForTheUpgradeOfAnotherEndsToo() throws Exception {
        try (Connection other = reader()) {
            takeTurn(other);
            Process process = luna();
            Set<String> attempts = new HashSet<>();
            Eventually.holds("it keeps on waiting", () -> {
                attempts.addAll(database.jdbc()
                        .sql(
                                "select query_start::text from pg_stat_activity where datname = current_database() and query like 'SELECT pg_try_advisory_xact_lock%'")
                        .query(String.class)
                        .list());
                return attempts.size() >= MANY_ATTEMPTS || !process.isAlive();
            });

            expectEnd(process);

            other.rollback();
        }
    }

    /** In a transaction that keeps V21 from its table. */
    private Connection reader() throws SQLException {
        Connection reader = database.dataSource().getConnection();
        reader.setAutoCommit(false);
        try (Statement statement = reader.createStatement()) {
            statement.execute("select from bookings");
        }
        return reader;
    }

    /** Takes the lock of who upgrades: Flyway's magic number and the name of its table. */
    private static void takeTurn(Connection session) throws SQLException {
        long flyway = (0x46L << 40) + (0x6CL << 32) + (0x79L << 24) + (0x77 << 16) + (0x61 << 8) + 0x79;
        try (Statement statement = session.createStatement()) {
            statement.execute("select pg_advisory_xact_lock("
                    + (flyway + "\"public\".\"flyway_schema_history\"".hashCode()) + ")");
        }
    }

    private void expectEnd(Process process) throws InterruptedException {
        assertThat(process.isAlive()).as(this::output).isTrue();
        process.destroy();
        boolean hasEnded = process.waitFor(1, TimeUnit.MINUTES);
        process.destroyForcibly();

        assertThat(hasEnded).as("it ends").isTrue();
        assertThat(process.exitValue()).as(this::output).isEqualTo(143);
        assertThat(output()).doesNotContain("Exception");
        assertThat(database.jdbc()
                        .sql("select version from flyway_schema_history order by installed_rank desc limit 1")
                        .query(String.class)
                        .single())
                .isEqualTo(OLD_VERSION);
    }

    private Process luna() throws IOException {
        return new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Xmx256m",
                        "-XX:TieredStopAtLevel=1",
                        "-Dspring.datasource.url=" + database.url(),
                        "-Dspring.datasource.username=" + database.username(),
                        "-Dspring.datasource.password=" + database.password(),
                        "-cp",
                        System.getProperty("java.class.path"),
                        LunaCommand.class.getName(),
                        "runs")
                .redirectErrorStream(true)
                .redirectOutput(said().toFile())
                .start();
    }

    private Path said() {
        return directory.resolve("said");
    }

    private String output() {
        try {
            return Files.readString(said());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
