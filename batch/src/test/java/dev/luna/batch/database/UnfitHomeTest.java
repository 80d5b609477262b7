package dev.luna.batch.database;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Directories in which the embedded PostgreSQL cannot live. */
class UnfitHomeTest {

    @TempDir
    private Path temporary;

    @Test
    void aPathThatAShellWouldReadIsRefusedByName() {
        for (String name : new String[] {"Ada \"A\"", "Ada$HOME", "Ada`id`", "Ada\nB"}) {
            Path other = temporary.resolve(name);

            assertThatThrownBy(() -> SharedPostgres.open(other))
                    .isInstanceOf(DatabaseStartException.class)
                    .hasMessageStartingWith("PostgreSQL cannot live in '" + other + "'")
                    .hasMessageEndingWith("; choose another directory with LUNA_HOME");
            assertThat(other).doesNotExist();
        }
    }

    @Test
    void atLeastTheTemporaryDirectoryCanBeWritten() {
        Path nowhere = temporary.resolve("nowhere");

        assertThatThrownBy(() -> ProcessUser.uid(nowhere))
                .isInstanceOf(DatabaseStartException.class)
                .hasMessageStartingWith("cannot make a file in " + nowhere + "; set -Djava.io.tmpdir to a directory");
    }

    @Test
    void aFileIsNoHome() throws Exception {
        Path file = Files.createFile(temporary.resolve("file"));

        assertThatThrownBy(() -> SharedPostgres.open(file))
                .isInstanceOf(DatabaseStartException.class)
                .hasMessage(file + " is a file; set LUNA_HOME to a directory that can be written");
        assertThatThrownBy(() -> SharedPostgres.open(file.resolve("below")))
                .isInstanceOf(DatabaseStartException.class)
                .hasMessageContaining("below cannot be made")
                .hasMessageEndingWith("; set LUNA_HOME to a directory that can be written");
    }
}
