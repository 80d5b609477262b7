package dev.luna.batch.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code luna import} and {@code luna export} on the embedded database, from their arguments to their exit codes. */
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

    private int luna(String... arguments) {
        return LunaCommand.commandLine()
                .setOut(new PrintWriter(out))
                .setErr(new PrintWriter(err))
                .execute(arguments);
    }
}
