package dev.luna.batch.database;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** Runs the programs of a PostgreSQL distribution on one data directory, and says why one failed. */
record PostgresPrograms(Path dataDirectory, Path logFile) {

    private static final long LOOK_MILLIS = 200;
    private static final int LINES_OF_LOG = 10;

    /** Waits for the program's end, whatever comes. */
    void run(String what, List<String> command, Duration timeout) throws IOException {
        run(what, command, timeout, false);
    }

    /** As {@link #run}, for what has no use once this process ends: it is not begun then, or broken off. */
    void runUntilEnd(String what, List<String> command, Duration timeout) throws IOException {
        refuseAtEnd();
        run(what, command, timeout, true);
    }

    /** A process's end waits for the thread that starts its application, or for who starts a server again. */
    static void refuseAtEnd() {
        if (ProcessEnd.isUnderWay()) {
            throw new DatabaseStartException("the start of PostgreSQL is broken off, for this process ends");
        }
    }

    private void run(String what, List<String> command, Duration timeout, boolean untilEnd) throws IOException {
        List<String> withoutRoot = new ArrayList<>();
        if (ProcessUser.isRoot()) {
            // PostgreSQL refuses to run as root. In a user namespace without mappings it sees the nobody user, while
            // the files on disk stay root's.
            withoutRoot.addAll(List.of("unshare", "--user"));
        }
        withoutRoot.addAll(command);
        Path output = Files.createTempFile("luna-postgres-", ".log");
        try {
            Process process = new ProcessBuilder(withoutRoot)
                    .redirectErrorStream(true)
                    .redirectOutput(output.toFile())
                    .start();
            process.getOutputStream().close();
            long deadline = System.nanoTime() + timeout.toNanos();
            while (!process.waitFor(LOOK_MILLIS, TimeUnit.MILLISECONDS)) {
                if (untilEnd && ProcessEnd.isUnderWay()) {
                    process.destroy();
                    refuseAtEnd();
                }
                if (System.nanoTime() - deadline > 0) {
                    process.destroyForcibly();
                    throw new DatabaseStartException(
                            what + " did not end within " + timeout.toSeconds() + " s; see " + logFile);
                }
            }
            if (process.exitValue() != 0) {
                throw new DatabaseStartException(failure(what, process.exitValue(), Files.readString(output)));
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new DatabaseStartException(what + " was interrupted", e);
        } finally {
            Files.deleteIfExists(output);
        }
    }

    private String failure(String what, int exitValue, String output) throws IOException {
        if (output.contains("unshare: failed to execute")) {
            return "programs cannot be started in %s (%s); set LUNA_HOME to a directory of a file system that is not mounted noexec"
                    .formatted(dataDirectory.getParent(), output.strip());
        }
        if (ProcessUser.isRoot() && output.contains("unshare")) {
            return "PostgreSQL does not run as root, and this system does not let root start it in a user namespace ("
                    + output.strip() + "); run Luna as a normal user or set spring.datasource.url";
        }
        StringBuilder text = new StringBuilder(
                what + " on " + dataDirectory + " failed with exit code " + exitValue + ": " + output.strip());
        if (Files.exists(logFile)) {
            List<String> log = Files.readAllLines(logFile);
            text.append("\nthe end of ").append(logFile).append(":");
            log.subList(Math.max(0, log.size() - LINES_OF_LOG), log.size())
                    .forEach(line -> text.append("\n  ").append(line));
        }
        return text.toString();
    }
}
