package dev.luna.batch.drill;

import dev.luna.batch.database.SharedPostgres;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.util.FileSystemUtils;

/**
 * The directory that a drill has for itself. It bears a mark, so that what an interrupted drill left behind can be removed
 * without ever removing a database that somebody else made.
 */
public final class DrillHome implements AutoCloseable {

    private final Path home;
    private @Nullable FileChannel lock;

    public DrillHome(Path home) {
        this.home = home;
    }

    /** Where the classes of a command are archived, so that the next ones start faster. */
    static Path classes(Path home) {
        return home.resolve("drill.jsa");
    }

    static Path logs(Path home) {
        return home.resolve("drill-logs");
    }

    /** Notes a process, to be ended with the drill, or by the next one if this is killed. */
    static void note(Path home, ProcessHandle process) throws IOException {
        Files.writeString(
                processes(home),
                process.pid() + " " + startOf(process) + System.lineSeparator(),
                StandardOpenOption.CREATE,
                StandardOpenOption.APPEND);
    }

    /**
     * Makes the home empty: ends the processes of an interrupted drill and removes its database. However this process ends from
     * now on, unless it is killed, it leaves nobody behind: neither those it noted nor their database.
     *
     * @return why not, in words; then nothing was changed
     */
    public Optional<String> prepare() throws IOException {
        Files.createDirectories(home);
        Path mark = home.resolve("drill.home");
        if (Files.exists(home.resolve("pg-data")) && !Files.exists(mark)) {
            return Optional.of(home + " holds a database that no drill made; set LUNA_HOME to another directory");
        }
        FileChannel channel = FileChannel.open(mark, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        FileLock own = channel.tryLock();
        if (own == null) {
            channel.close();
            return Optional.of("another drill is under way in " + home + "; wait for it, or set LUNA_HOME");
        }
        lock = channel;
        endAll();
        Runtime.getRuntime().addShutdownHook(new Thread(this::endAll, "drill-end"));
        for (Path left : List.of(home.resolve("pg-data"), logs(home), classes(home), processes(home))) {
            FileSystemUtils.deleteRecursively(left);
        }
        return Optional.empty();
    }

    private void endAll() {
        try {
            if (Files.exists(processes(home))) {
                for (String noted : Files.readAllLines(processes(home))) {
                    end(noted);
                }
            }
            if (Files.exists(home.resolve("pg-data/postmaster.pid"))) {
                // Whoever attaches last stops the server, also one that its starter left behind.
                SharedPostgres.open(home).close();
            }
        } catch (IOException e) {
            throw new UncheckedIOException("could not end what the drill in " + home + " started", e);
        }
    }

    /** A pid may be another process's by now; when it started tells. */
    private static void end(String noted) {
        String[] parts = noted.split(" ", 2);
        ProcessHandle.of(Long.parseLong(parts[0]))
                .filter(process -> startOf(process).equals(parts[1]))
                .ifPresent(process -> {
                    process.destroyForcibly();
                    process.onExit().join();
                });
    }

    private static String startOf(ProcessHandle process) {
        return process.info().startInstant().map(Object::toString).orElse("unknown");
    }

    private static Path processes(Path home) {
        return home.resolve("drill-processes");
    }

    @Override
    public void close() throws IOException {
        if (lock != null) {
            lock.close();
        }
    }
}
