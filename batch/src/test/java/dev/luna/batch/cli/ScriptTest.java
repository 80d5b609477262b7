package dev.luna.batch.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.HashMap;
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

/** {@code scripts/luna} in a tree whose build and Java only write down how they were called: see {@link ScriptTree}. */
@DisabledOnOs(OS.WINDOWS)
class ScriptTest {

    @TempDir
    private Path directory;

    private ScriptTree tree;

    @BeforeEach
    void plantTree() throws IOException {
        tree = new ScriptTree(directory.resolve("a tree"));
    }

    @Test
    void aProgramGetsItsArgumentsAsTheyWereGivenAndItsExitCodeIsTheScripts() throws Exception {
        var said = tree.luna(Map.of("EXIT_CODE", "3"), "import", "my files", "*", "");

        assertThat(said.exitCode()).as(said.err()).isEqualTo(3);
        assertThat(said.arguments()).endsWith("import", "my files", "*", "");
        assertThat(said.arguments()).anyMatch(argument -> argument.endsWith("/luna-batch-1-exec.jar"));
    }

    @ParameterizedTest
    @CsvSource({"serve, luna-api", "demo, luna-api", "recompute, luna-batch", "--version, luna-batch"})
    void aVerbStartsItsModule(String verb, String jar) throws Exception {
        assertThat(tree.luna(Map.of(), verb).arguments()).anyMatch(argument -> argument.endsWith(jar + "-1-exec.jar"));
    }

    @Test
    void theDemoSaysFirstWhatToOpenWhereThatIsKnown() throws Exception {
        assertThat(tree.luna(Map.of("SERVER_PORT", "8090"), "demo").out())
                .startsWith("Next: open http://127.0.0.1:8090/ when");
        for (var unknown : List.of(Map.of("SERVER_PORT", "0"), Map.of("SERVER_ADDRESS", "192.0.2.1"))) {
            assertThat(tree.luna(unknown, "demo").home()).isEqualTo(tree.home().toString());
        }
    }

    @Test
    void optionsForTheJvmAreWordsBeforeTheProgram() throws Exception {
        var said = tree.luna(Map.of("LUNA_JAVA_OPTS", "-Xmx4g  -Da=b"), "runs");

        assertThat(said.arguments()).containsSubsequence("-Xmx4g", "-Da=b", "-jar", "runs");
    }

    @Test
    void theFirstCallBuildsAndTheNextOnesDoNot() throws Exception {
        tree.luna(Map.of(), "runs");
        tree.luna(Map.of(), "serve");

        assertThat(tree.builds()).containsExactly("-B -ntp -q package -DskipTests -Dspotless.check.skip=true");
    }

    @ParameterizedTest
    @ValueSource(strings = {"pom.xml", "api/pom.xml", "sql/migration/V1__domain.sql", "batch/src/main/java/Luna.java"})
    void aSourceThatIsNewerThanTheJarsIsBuilt(String source) throws Exception {
        tree.luna(Map.of(), "runs");
        tree.age("target/luna-built", source); // the source is the younger of the two

        tree.luna(Map.of(), "runs");
        tree.luna(Map.of(), "runs");

        assertThat(tree.builds()).hasSize(2);
    }

    @Test
    void jarsOfWhichNothingCanBeToldAreBuilt() throws Exception {
        Map<String, String> withoutFind = tree.withoutFlock();
        Files.delete(tree.root().resolve("bin/find"));
        tree.luna(withoutFind, "runs");
        tree.age("target/luna-built", "pom.xml");

        tree.luna(withoutFind, "runs");

        assertThat(tree.builds()).hasSize(2);
    }

    @Test
    void aTreeThatItsUserCannotWriteIsRunAsItWasBuilt() throws Exception {
        Path script = tree.scriptOfAnOrdinaryUser();
        Map<String, String> elsewhere =
                Map.of("LUNA_HOME", directory.resolve("home").toString());
        tree.protect();
        var unbuilt = ScriptTree.said(tree.start(script, elsewhere, "runs"));
        tree.unprotect();
        tree.luna(elsewhere, "runs");
        Files.delete(tree.root().resolve("target/luna-built")); // as the jars of `mvnw package` have none
        tree.protect();
        var built = ScriptTree.said(tree.start(script, elsewhere, "runs"));
        tree.unprotect();

        assertThat(unbuilt.exitCode()).isEqualTo(1);
        assertThat(unbuilt.err())
                .isEqualTo("luna: " + tree.root()
                        + " cannot be written; call this once as a user who may, so that it is built\n");
        assertThat(built.exitCode()).as(built.err()).isZero();
        assertThat(tree.builds()).hasSize(1);
    }

    @Test
    void anEditDuringABuildIsBuiltByTheNextCall() throws Exception {
        tree.luna(Map.of("EDITED_MEANWHILE", "batch/src/main/java/Luna.java"), "runs");

        tree.luna(Map.of(), "runs");

        assertThat(tree.builds()).hasSize(2);
    }

    @Test
    void benchmarksAndProgramDoNotMakeEachOtherStale() throws Exception {
        tree.luna(Map.of(), "runs");
        var said = tree.luna(Map.of(), "bench", "kernels");
        tree.luna(Map.of(), "runs");

        assertThat(tree.builds()).hasSize(2);
        assertThat(said.arguments()).endsWith("kernels").doesNotContain("bench");
    }

    @Test
    void aFailedBuildIsToldAndTriedAgain() throws Exception {
        var failed = tree.luna(Map.of("BUILD_EXIT_CODE", "1"), "runs");
        var built = tree.luna(Map.of(), "runs");

        assertThat(failed.exitCode()).isEqualTo(1);
        assertThat(failed.err()).endsWith("luna: the build failed\n");
        assertThat(built.exitCode()).isZero();
        assertThat(tree.builds()).hasSize(2);
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void callsAtTheSameTimeBuildOnce(boolean hasFlock) throws Exception {
        Map<String, String> environment = hasFlock ? Map.of() : tree.withoutFlock();
        List<Process> calls = new ArrayList<>();
        for (int call = 0; call < 4; call++) {
            calls.add(tree.start(environment, "runs"));
        }

        for (Process call : calls) {
            assertThat(ScriptTree.said(call).exitCode()).isZero();
        }

        assertThat(tree.builds()).hasSize(1);
        assertThat(tree.programs()).hasSize(1);
    }

    @Test
    void theLockOfAKilledBuildIsFreeAlsoWithoutFlock() throws Exception {
        Process killed = new ProcessBuilder("true").start();
        killed.waitFor();
        Files.createDirectories(tree.root().resolve("target"));
        Files.createSymbolicLink(tree.root().resolve("target/luna-build.lock.pid"), Path.of("" + killed.pid()));

        assertThat(tree.luna(tree.withoutFlock(), "runs").exitCode()).isZero();
        assertThat(tree.root().resolve("target/luna-build.lock.pid")).doesNotExist();
    }

    @Test
    void aRunningProgramKeepsItsFilesWhenAnotherIsBuilt() throws Exception {
        for (int build = 0; build < 5; build++) {
            Files.deleteIfExists(tree.root().resolve("target/luna-built"));
            tree.luna(Map.of(), "runs");
        }

        assertThat(tree.programs()).hasSize(3); // the newest
    }

    @Test
    void jarsOfAnotherVersionAreNotStarted() throws Exception {
        tree.luna(Map.of(), "runs");
        Files.deleteIfExists(tree.root().resolve("target/luna-built"));

        var said = tree.luna(Map.of("VERSION", "2"), "runs");

        assertThat(said.arguments())
                .anyMatch(argument -> argument.endsWith("/luna-batch-2-exec.jar"))
                .noneMatch(argument -> argument.endsWith("/luna-batch-1-exec.jar"));
    }

    @Test
    void linksLeadToTheTree() throws Exception {
        Path far = Files.createSymbolicLink(directory.resolve("far"), tree.script());
        Path near = Files.createSymbolicLink(directory.resolve("near"), far.getFileName());

        assertThat(tree.start(near, Map.of(), "runs").waitFor()).isZero();
        assertThat(tree.builds()).hasSize(1);
    }

    @Test
    void aProgramThatCannotBeUnpackedIsToldInTheDisksWords() throws Exception {
        var said = tree.luna(Map.of("DISK_FAILURE", "No space left on device"), "runs");

        assertThat(said.exitCode()).isEqualTo(1);
        assertThat(said.err()).contains("/var/program: No space left on device; make room there, or set LUNA_HOME");
        assertThat(tree.programs()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"17", "25"})
    void theClassArchiveIsOnlyReadWhereTheDiskIsFull(String javaVersion) throws Exception {
        Map<String, String> environment = new HashMap<>(tree.fullDisk());
        environment.put("JAVA_VERSION", javaVersion);
        var without = tree.luna(environment, "runs");
        Path archive = Files.createFile(tree.programs().get(0).resolve("classes-" + javaVersion + ".jsa"));
        var with = tree.luna(environment, "runs");

        assertThat(without.arguments()).noneMatch(argument -> argument.contains("Archive"));
        assertThat(with.arguments())
                .filteredOn(argument -> argument.contains("Archive"))
                .containsExactly("-XX:SharedArchiveFile=" + archive);
    }

    @ParameterizedTest
    @ValueSource(strings = {"17", "25"})
    void theClassArchiveIsOnlyReadWhereTheProgramIsWriteProtected(String javaVersion) throws Exception {
        Path script = tree.scriptOfAnOrdinaryUser();
        Map<String, String> environment = Map.of("JAVA_VERSION", javaVersion);
        tree.luna(environment, "runs");
        Path program = tree.programs().get(0);
        Files.setPosixFilePermissions(program, PosixFilePermissions.fromString("r-xr-xr-x"));
        var without = ScriptTree.said(tree.start(script, environment, "runs"));
        Files.setPosixFilePermissions(program, PosixFilePermissions.fromString("rwxr-xr-x"));
        Path archive = Files.createFile(program.resolve("classes-" + javaVersion + ".jsa"));
        Files.setPosixFilePermissions(program, PosixFilePermissions.fromString("r-xr-xr-x"));
        var with = ScriptTree.said(tree.start(script, environment, "runs"));
        Files.setPosixFilePermissions(program, PosixFilePermissions.fromString("rwxr-xr-x"));

        assertThat(without.arguments()).noneMatch(argument -> argument.contains("Archive"));
        assertThat(with.arguments())
                .filteredOn(argument -> argument.contains("Archive"))
                .containsExactly("-XX:SharedArchiveFile=" + archive);
    }

    @Test
    void aJavaThatIsTooOldOrMissingIsNamed() throws Exception {
        var old = tree.luna(Map.of("JAVA_VERSION", "11"), "runs");
        var missing = tree.luna(Map.of("JAVA_HOME", "/no/jdk"), "runs");

        assertThat(old.exitCode()).isEqualTo(1);
        assertThat(old.err()).endsWith("java is Java 11; Luna needs 17 or newer (set JAVA_HOME)\n");
        assertThat(missing.exitCode()).isEqualTo(1);
        assertThat(missing.err())
                .isEqualTo("luna: no Java found in JAVA_HOME=/no/jdk: install a JDK 17 or newer, or set JAVA_HOME\n");
    }

    @Test
    void anUnknownVerbIsWrongUsageAndNoVerbIsHelp() throws Exception {
        var unknown = tree.luna(Map.of(), "improt");
        var none = tree.luna(Map.of());

        assertThat(unknown.exitCode()).isEqualTo(ExitCode.BAD_INPUT);
        assertThat(unknown.err()).contains("usage: scripts/luna VERB").endsWith("luna: unknown verb 'improt'\n");
        assertThat(none.exitCode()).isZero();
        assertThat(none.out()).contains("usage: scripts/luna VERB");
        assertThat(tree.builds()).isEmpty();
    }
}
