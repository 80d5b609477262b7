package dev.luna.batch.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Where {@code scripts/luna} keeps its things, and what may not be such a place; see {@link ScriptTree}. */
@DisabledOnOs(OS.WINDOWS)
class ScriptHomeTest {

    @TempDir
    private Path directory;

    private ScriptTree tree;

    @BeforeEach
    void plantTree() throws IOException {
        tree = new ScriptTree(directory.resolve("a tree"));
    }

    @ParameterizedTest
    @CsvSource({"runs, var", "bench, var/bench", "drill, var/drill"})
    void measurementsHaveADatabaseOfTheirOwn(String verb, String home) throws Exception {
        assertThat(tree.luna(Map.of(), verb).home())
                .isEqualTo(tree.root().resolve(home).toString());
        assertThat(tree.luna(Map.of("LUNA_HOME", directory + "/elsewhere"), verb)
                        .home())
                .isEqualTo(directory + "/elsewhere");
    }

    @Test
    void aHomeThatCannotBeWrittenIsNamed() throws Exception {
        Path file = Files.createFile(directory.resolve("file"));

        var said = tree.luna(Map.of("LUNA_HOME", file.toString()), "runs");

        assertThat(said.exitCode()).isEqualTo(1);
        assertThat(said.err())
                .endsWith("luna: " + file
                        + " cannot hold the program; set LUNA_HOME to a directory that can be written\n");
    }

    @ParameterizedTest
    @ValueSource(strings = {"a:b", "a!"})
    void aPathThatJavaWouldCutShortIsRefused(String name) throws Exception {
        Path home = directory.resolve(name);
        var other = new ScriptTree(directory.resolve(name).resolve("tree"));

        var homeSaid = tree.luna(Map.of("LUNA_HOME", home.toString()), "runs");
        var treeSaid = other.luna(Map.of("LUNA_HOME", directory + "/home"), "runs");

        assertThat(homeSaid.err()).startsWith("luna: " + home + " has a colon, or a name that ends in '!'");
        assertThat(treeSaid.err()).startsWith("luna: " + other.root() + " has a colon, or a name that ends in '!'");
        assertThat(List.of(homeSaid.exitCode(), treeSaid.exitCode())).containsOnly(ExitCode.BAD_INPUT);
        assertThat(other.builds()).isEmpty();
    }

    @Test
    void aHomeThatOthersMayWriteToIsRefused() throws Exception {
        tree.luna(Map.of(), "runs");
        for (Path directory : List.of(
                tree.home(), tree.home().resolve("program"), tree.programs().get(0))) {
            Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwxrwxrwx"));

            var said = tree.luna(Map.of(), "runs");

            assertThat(said.exitCode()).isEqualTo(ExitCode.BAD_INPUT);
            assertThat(said.err())
                    .startsWith("luna: " + directory + " belongs to another user, or others may write to it");
            assertThat(said.out()).isEmpty();
            Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwxrwxr-x"));
        }
        assertThat(tree.luna(Map.of(), "runs").exitCode()).isZero();
    }

    @Test
    void aHomeOfAnotherUserIsRefused() throws Exception {
        tree.luna(Map.of(), "runs");
        int own = (Integer) Files.getAttribute(tree.home(), "unix:uid");
        assumeTrue(own == 0, "only root can give a file to somebody else");
        for (Path directory : List.of(
                tree.home(), tree.home().resolve("program"), tree.programs().get(0))) {
            Files.setAttribute(directory, "unix:uid", 12345);

            var said = tree.luna(Map.of(), "runs");

            assertThat(said.exitCode()).isEqualTo(ExitCode.BAD_INPUT);
            assertThat(said.err())
                    .startsWith("luna: " + directory + " belongs to another user, or others may write to it");
            assertThat(said.out()).isEmpty();
            Files.setAttribute(directory, "unix:uid", own);
        }
        assertThat(tree.luna(Map.of(), "runs").exitCode()).isZero();
    }
}
