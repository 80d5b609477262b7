package dev.luna.batch.database;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The log of the embedded server stays short, whatever clients do and however often it is started. */
class PostgresLogIT {

    private static final int MEGABYTE = 1 << 20;

    @TempDir
    private Path home;

    private Path binaries;

    @BeforeEach
    void aHomeThatFindsTheBinariesUnpacked() throws Exception {
        binaries = Files.createSymbolicLink(home.resolve("pg-bin"), TestServer.binariesDirectory());
    }

    @AfterEach
    void leaveTheBinariesAlone() throws Exception {
        Files.delete(binaries);
    }

    @Test
    void itTellsOfTheServerAndALongOneIsPutAside() throws Exception {
        Path log = Files.write(home.resolve("postgres.log"), new byte[MEGABYTE + 1]);
        Path before = home.resolve("postgres.log.1");

        try (SharedPostgres postgres = SharedPostgres.open(home);
                Connection connection =
                        DriverManager.getConnection(postgres.jdbcUrl(), postgres.username(), postgres.password());
                Statement statement = connection.createStatement()) {
            assertThatThrownBy(() -> statement.execute("insert into nowhere default values"))
                    .isInstanceOf(SQLException.class);
            statement.execute("checkpoint");
        }
        SharedPostgres.open(home).close();

        assertThat(Files.readString(log))
                .contains("database system is ready")
                .doesNotContain("nowhere", "checkpoint complete");
        assertThat(before).hasSize(MEGABYTE + 1);
    }
}
