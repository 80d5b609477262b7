package dev.luna.batch.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.luna.batch.database.TestDatabase;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

/** {@code luna import} and {@code luna export} on the embedded database, from their arguments to their exit codes. */
@ExtendWith(OutputCaptureExtension.class)
class TransferCommandsIT {

    private static final String USERS = """
            id,handle,name,age,home_lat,home_lng,created_at
            00000000-0000-4000-8000-00000000000a,ada,Ada,36,48.1,11.5,2025-01-01T00:00:00Z
            """;

    @TempDir
    private Path directory;

    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    @TempDir
    private static Path home;

    @BeforeAll
    static void aHomeAndNoDataSource() {
        // Blank, as an environment variable that is set to nothing.
        System.setProperty("spring.datasource.url", " ");
        System.setProperty("luna.home", home.toString());
    }

    @AfterAll
    static void forgetThem() {
        System.clearProperty("spring.datasource.url");
        System.clearProperty("luna.home");
    }

    @Test
    void whatIsImportedIsExportedAndABadRowIsBadInput() throws IOException {
        Files.writeString(directory.resolve("users.csv"), USERS);
        Path exported = directory.resolve("exported");

        assertThat(luna("import", directory.toString())).isEqualTo(ExitCode.OK);
        assertThat(luna("export", exported.toString())).isEqualTo(ExitCode.OK);

        assertThat(out.toString()).contains("users.csv", "1 rows, 1 inserted or changed");
        assertThat(exported.resolve("users.csv")).hasContent(USERS);
        assertThat(home.resolve("pg-data/PG_VERSION")).exists();
        assertThat(home.resolve("pg-data/postmaster.pid"))
                .as("each command stops the server that it alone uses")
                .doesNotExist();

        Files.writeString(directory.resolve("users.csv"), USERS.replace("48.1", "91"));

        assertThat(luna("import", directory.toString())).isEqualTo(ExitCode.BAD_INPUT);
        assertThat(err.toString()).isEqualToNormalizingNewlines("""
                        luna: nothing was imported:
                          users.csv line 2, column home_lat: 91 is outside [-90, 90]
                        """);
    }

    @Test
    @EnabledOnOs(value = OS.LINUX, disabledReason = "needs a directory that nobody can make a file in")
    void theSampleCityIsLoadedOnceAndItsRankingsGoToAFileWhenThereAreSome() throws IOException {
        Path rankings = directory.resolve("rankings.csv");

        onADatabaseOfItsOwn(TestDatabase.migrated(), () -> {
            assertThat(luna("sample")).isEqualTo(ExitCode.OK);
            assertThat(luna("sample")).isEqualTo(ExitCode.REFUSED);
            assertThat(luna("export", "--rankings", rankings.toString())).isEqualTo(ExitCode.REFUSED);
            assertThat(luna("recompute")).isEqualTo(ExitCode.OK);
            assertThat(luna("export", "--rankings", rankings.toString())).isEqualTo(ExitCode.OK);
            assertThat(luna("export", "--rankings", "/proc/rankings.csv")).isEqualTo(ExitCode.FAILED);
            assertThat(luna("export", "/proc")).isEqualTo(ExitCode.FAILED);
        });

        assertThat(out.toString())
                .contains(
                        "the sample city is loaded", "rankings.csv: run 1 of ", ", 2,000 users, 100,000 ranked venues");
        assertThat(err.toString().lines())
                .filteredOn(line -> line.startsWith("luna: "))
                .containsExactly(
                        "luna: the database has users or venues already; nothing was loaded",
                        "luna: no run is published, so there are no rankings; make one with `luna recompute`",
                        "luna: cannot write /proc/rankings.csv: no such file or directory",
                        "luna: cannot write into /proc: no such file or directory");
        assertThat(rankings).content().startsWith("user_id,rank,venue_id,").hasLineCount(100_001);
    }

    @Test
    void aLostConnectionIsToldInOneSentenceWithoutTheTracesOfThePool(CapturedOutput said) throws IOException {
        TestDatabase own = whereConnectionsCanBeLost();
        own.jdbc()
                .sql("create trigger lose_connection before insert on users execute function lose_connection()")
                .update();
        Files.writeString(directory.resolve("users.csv"), USERS);

        onADatabaseOfItsOwn(
                own, () -> assertThat(luna("import", directory.toString())).isEqualTo(ExitCode.FAILED));

        assertThat(err.toString())
                .startsWith("luna: the database cannot be used: FATAL: terminating connection due to administrator")
                .hasLineCount(1);
        assertThat(said.getErr().lines()).containsExactly("reading users.csv", "checking", "writing users");
    }

    @Test
    void aCommitWithoutAnAnswerIsNoFailureToRepeatBlindly(CapturedOutput said) throws IOException {
        TestDatabase own = whereConnectionsCanBeLost();
        own.jdbc().sql("""
                        create constraint trigger lose_connection after insert on users initially deferred
                        for each row execute function lose_connection()
                        """).update();
        Files.writeString(directory.resolve("users.csv"), USERS);

        onADatabaseOfItsOwn(
                own, () -> assertThat(luna("import", directory.toString())).isEqualTo(ExitCode.FAILED));

        assertThat(err.toString())
                .startsWith(
                        "luna: the connection was lost before the database said whether the rows are in; look there")
                .hasLineCount(1);
        assertThat(said.getErr().lines()).containsExactly("reading users.csv", "checking", "writing users");
    }

    private static TestDatabase whereConnectionsCanBeLost() {
        TestDatabase own = TestDatabase.migrated();
        own.jdbc().sql("""
                        create function lose_connection() returns trigger language plpgsql as
                        $$ begin perform pg_terminate_backend(pg_backend_pid()); return null; end $$
                        """).update();
        return own;
    }

    private static void onADatabaseOfItsOwn(TestDatabase own, Runnable commands) {
        System.setProperty("spring.datasource.url", own.url());
        System.setProperty("spring.datasource.username", own.username());
        System.setProperty("spring.datasource.password", own.password());
        try {
            commands.run();
        } finally {
            System.setProperty("spring.datasource.url", " ");
            System.clearProperty("spring.datasource.username");
            System.clearProperty("spring.datasource.password");
        }
    }

    private int luna(String... arguments) {
        return LunaCommand.commandLine()
                .setOut(new PrintWriter(out))
                .setErr(new PrintWriter(err))
                .execute(arguments);
    }
}
