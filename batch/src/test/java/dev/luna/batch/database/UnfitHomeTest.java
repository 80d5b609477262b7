package dev.luna.batch.database;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
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

    /** As on a file system that is mounted to be read only, or was put there by hand. */
    @Test
    void whatCannotBeWrittenIsToldByItsNameAndWhy() throws Exception {
        Path lock = Files.createDirectories(temporary.resolve("locked/pg.start.lock"));
        assertThatThrownBy(() -> SharedPostgres.open(lock.getParent()))
                .isInstanceOf(DatabaseStartException.class)
                .hasMessage("cannot use " + lock.getParent() + " as Luna's home: " + lock.toRealPath()
                        + ": Is a directory; see to that, or set LUNA_HOME to a directory that can be written");

        Path binaries = Files.createFile(
                Files.createDirectories(temporary.resolve("packed")).resolve("pg-bin"));
        assertThatThrownBy(() -> SharedPostgres.open(binaries.getParent()))
                .isInstanceOf(DatabaseStartException.class)
                .hasMessage("cannot unpack PostgreSQL into %1$s: %1$s: a file is there already", binaries.toRealPath());
    }

    /** Who gave it away made what is in it, programs to run among it. */
    @Test
    void aHomeOfAnotherUserIsRefused() throws Exception {
        assumeTrue(ProcessUser.isRoot(), "only root can give a file to somebody else");
        for (String name : new String[] {"", "pg-bin", "pg-data", "pg-password"}) {
            Path home = Files.createDirectory(temporary.resolve("foreign" + name));
            Path foreign = Files.createDirectories(home.resolve(name));
            Files.setAttribute(foreign, "unix:uid", 12345);

            assertThatThrownBy(() -> SharedPostgres.open(home))
                    .isInstanceOf(DatabaseStartException.class)
                    .hasMessage(foreign.toRealPath() + " belongs to user 12345, but Luna runs as root;"
                            + " run it as the same user, or set LUNA_HOME to "
                            + (name.isEmpty() ? "a new directory inside it" : "another directory"));
        }
    }

    @Test
    void aHomeThatEverybodyMayWriteIsRefused() throws Exception {
        for (String name : new String[] {"", "pg-bin"}) {
            Path home = Files.createDirectory(temporary.resolve("open" + name));
            Path open = Files.createDirectories(home.resolve(name));
            Files.setPosixFilePermissions(open, PosixFilePermissions.fromString("rwxrwxrwx"));

            assertThatThrownBy(() -> SharedPostgres.open(home))
                    .isInstanceOf(DatabaseStartException.class)
                    .hasMessage(
                            "%1$s may be written by every user of this machine, who could have Luna run their programs; take that away (chmod o-w %1$s), or set LUNA_HOME to another directory"
                                    .formatted(open.toRealPath()));
        }
    }
}
