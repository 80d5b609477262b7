package dev.luna.batch.cli;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * A source tree with the real {@code scripts/luna}, whose {@code mvnw} makes small files for jars and whose {@code java}
 * prints {@code LUNA_HOME} and its arguments, a line each. Both take what they shall do from the environment.
 */
final class ScriptTree {

    private static final String SYSTEM_COMMANDS =
            "bash cat cksum cp df dirname env find ln locale ls mkdir mv readlink rm sed sleep tail touch tr wc";

    private static final String MVNW = """
            #!/usr/bin/env bash
            echo "$*" >>builds
            [ -z "${EDITED_MEANWHILE:-}" ] || touch -t 203701010000 "$EDITED_MEANWHILE"
            for jar in batch/target/luna-batch api/target/luna-api batch/target/bench/luna-batch; do
              mkdir -p "$(dirname "$jar")"
              wc -l <builds >"$jar-${VERSION:-1}-exec.jar"
            done
            exit "${BUILD_EXIT_CODE:-0}"
            """;

    private static final String JAVA = """
            #!/usr/bin/env bash
            case "$*" in
              *-XshowSettings:properties*)
                echo "    java.specification.version = ${JAVA_VERSION:-17}" >&2
                exit 0
                ;;
              *-Djarmode=tools*)
                mkdir -p "${@: -1}"
                cp "$3" "${@: -1}"
                [ -z "${DISK_FAILURE:-}" ] || { echo "Caused by: java.io.IOException: $DISK_FAILURE"; exit 1; }
                exit 0
                ;;
            esac
            echo "$LUNA_HOME"
            printf '%s\\n' "$@"
            exit "${EXIT_CODE:-0}"
            """;

    /** What a call printed and how it ended. */
    record Said(int exitCode, String out, String err) {

        String home() {
            return lines().get(0);
        }

        List<String> arguments() {
            return lines().subList(1, lines().size());
        }

        private List<String> lines() {
            return List.of(out.substring(0, out.length() - 1).split("\n", -1));
        }
    }

    private final Path root;

    ScriptTree(Path root) throws IOException {
        this.root = root;
        write("scripts/luna", Files.readString(Path.of("../scripts/luna")), true);
        write("mvnw", MVNW, true);
        write("jdk/bin/java", JAVA, true);
        for (String source : List.of(
                "pom.xml",
                "sql/pom.xml",
                "batch/pom.xml",
                "api/pom.xml",
                "sql/migration/V1__domain.sql",
                "sql/bench/data.sql",
                "batch/src/main/java/Luna.java",
                "batch/src/bench/java/Bench.java",
                "api/src/main/java/Api.java")) {
            write(source, "", false);
        }
    }

    Path root() {
        return root;
    }

    Path script() {
        return root.resolve("scripts/luna");
    }

    /** Where the program keeps its things unless told otherwise. */
    Path home() {
        return root.resolve("var");
    }

    /** The arguments of every build so far. */
    List<String> builds() throws IOException {
        Path builds = root.resolve("builds");
        return Files.exists(builds) ? Files.readAllLines(builds) : List.of();
    }

    /** The directories that hold an unpacked program, or a part of one. */
    List<Path> programs() throws IOException {
        try (Stream<Path> files = Files.list(home().resolve("program"))) {
            return files.filter(Files::isDirectory).toList();
        }
    }

    /** Makes the first file look older than the second. */
    void age(String older, String younger) throws IOException {
        FileTime time = Files.getLastModifiedTime(root.resolve(younger));
        Files.setLastModifiedTime(
                root.resolve(older), FileTime.from(time.toInstant().minusSeconds(1)));
    }

    /** An environment whose {@code PATH} has the commands that every system has, and no {@code flock}, as on macOS. */
    Map<String, String> withoutFlock() throws IOException {
        for (String command : SYSTEM_COMMANDS.split(" ")) {
            for (String directory : System.getenv("PATH").split(":")) {
                if (Files.isExecutable(Path.of(directory, command))) {
                    write("bin/" + command, "#!/bin/sh\nexec " + directory + "/" + command + " \"$@\"\n", true);
                    break;
                }
            }
        }
        return Map.of("PATH", root.resolve("bin").toString());
    }

    /** An environment in which {@code df} says that there is no room on the disk. */
    Map<String, String> fullDisk() throws IOException {
        write("bin/df", """
                #!/bin/sh
                echo "Filesystem 1024-blocks     Used Available Capacity Mounted on"
                echo "disk          90000000 89980000     20000     100% /"
                """, true);
        return Map.of("PATH", root.resolve("bin") + ":" + System.getenv("PATH"));
    }

    /** Takes away the right to make or change files in the root and in its {@code target}. */
    void protect() throws IOException {
        permit("r-xr-xr-x");
    }

    void unprotect() throws IOException {
        permit("rwxr-xr-x");
    }

    private void permit(String permissions) throws IOException {
        for (Path directory : List.of(root, root.resolve("target"))) {
            if (Files.exists(directory)) {
                Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString(permissions));
            }
        }
    }

    /** What leads to the script, and has no right to write to what is write-protected, as root has otherwise. */
    Path scriptOfAnOrdinaryUser() throws IOException {
        boolean isRoot = Integer.valueOf(0).equals(Files.getAttribute(script(), "unix:uid"));
        String without = "setpriv --bounding-set=-dac_override --inh-caps=-dac_override ";
        write("ordinary", "#!/bin/sh\nexec " + (isRoot ? without : "") + "'" + script() + "' \"$@\"\n", true);
        return root.resolve("ordinary");
    }

    Said luna(Map<String, String> environment, String... arguments) throws IOException, InterruptedException {
        return said(start(environment, arguments));
    }

    Process start(Map<String, String> environment, String... arguments) throws IOException {
        return start(script(), environment, arguments);
    }

    /** Starts what leads to the script, in another directory than the tree. */
    Process start(Path script, Map<String, String> environment, String... arguments) throws IOException {
        List<String> command = new ArrayList<>(List.of(script.toString()));
        command.addAll(List.of(arguments));
        ProcessBuilder process =
                new ProcessBuilder(command).directory(root.getParent().toFile());
        process.environment().keySet().removeIf(name -> name.startsWith("LUNA_") || name.startsWith("SERVER_"));
        process.environment().put("JAVA_HOME", root.resolve("jdk").toString());
        process.environment().putAll(environment);
        return process.start();
    }

    /** Waits for the call's end. What it prints fits into the pipes. */
    static Said said(Process call) throws IOException, InterruptedException {
        int exitCode = call.waitFor();
        return new Said(
                exitCode,
                new String(call.getInputStream().readAllBytes(), StandardCharsets.UTF_8),
                new String(call.getErrorStream().readAllBytes(), StandardCharsets.UTF_8));
    }

    private void write(String name, String text, boolean isProgram) throws IOException {
        Path file = root.resolve(name);
        Files.createDirectories(file.getParent());
        Files.writeString(file, text);
        if (isProgram && !file.toFile().setExecutable(true)) {
            throw new IOException(file + " cannot be made a program");
        }
    }
}
