package dev.luna.batch.database;

import static org.assertj.core.api.Assertions.assertThat;

import dev.luna.batch.run.Eventually;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.postgresql.PGConnection;

/** The processes of a killed server outlive it by a moment, and hold the memory that the next one asks for. */
class HeldMemoryIT {

    @TempDir
    private Path home;

    private Path binaries;

    @BeforeEach
    void aHomeThatFindsTheBinariesUnpacked() throws IOException {
        binaries = Files.createSymbolicLink(home.resolve("pg-bin"), TestServer.binariesDirectory());
    }

    @AfterEach
    void leaveTheBinariesAlone() throws IOException {
        Files.delete(binaries);
    }

    @Test
    void itComesBackOnItsPortWhenTheyHaveEnded() throws Exception {
        try (SharedPostgres postgres = SharedPostgres.open(home);
                Connection connection = connect(postgres)) {
            long process = connection.unwrap(PGConnection.class).getBackendPID();
            signal("STOP", process);
            try {
                signal(
                        "KILL",
                        PostmasterFile.read(home.resolve("pg-data"))
                                .orElseThrow()
                                .pid());
                Eventually.holds("the memory was found in use", this::wasInUse);
            } finally {
                signal("CONT", process);
            }

            Eventually.holds("the server is back where it was", () -> answers(postgres));
        }
    }

    private static Connection connect(SharedPostgres postgres) throws SQLException {
        return DriverManager.getConnection(postgres.jdbcUrl(), postgres.username(), postgres.password());
    }

    private static boolean answers(SharedPostgres postgres) {
        try (Connection connection = connect(postgres)) {
            return connection.isValid(0);
        } catch (SQLException e) {
            return false;
        }
    }

    private boolean wasInUse() {
        try {
            return Files.readString(home.resolve("postgres.log")).contains("pre-existing shared memory block");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void signal(String name, long process) throws Exception {
        // The shell's own kill: a program of that name is not everywhere.
        assertThat(new ProcessBuilder("sh", "-c", "kill -%s %d".formatted(name, process))
                        .start()
                        .waitFor())
                .isZero();
    }
}
