package dev.luna.batch.database;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import java.util.UUID;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.util.FileSystemUtils;

/**
 * One PostgreSQL data directory: made, started and stopped with the distribution's own {@code initdb} and
 * {@code pg_ctl}. The server runs in a session of its own, listens on loopback only, has no Unix socket and asks for a
 * password. Two callers must not start or stop the same cluster at the same time; {@link SharedPostgres} sees to that.
 */
final class PostgresCluster {

    private static final Logger LOG = LoggerFactory.getLogger(PostgresCluster.class);

    static final String SUPERUSER = "luna";

    /** Which proves that one knows the password without saying it. */
    static final String AUTHENTICATION = "scram-sha-256";

    private static final Duration START_TIMEOUT = Duration.ofSeconds(60);
    private static final Duration STOP_TIMEOUT = Duration.ofSeconds(60);
    private static final int START_ATTEMPTS = 5;
    private static final int LOOKS_AT_PORT = 20;
    static final long PAUSE_MILLIS = 50;
    private static final long PAUSE_FOR_MEMORY_MILLIS = 250;
    private static final int LONGEST_LOG_BYTES = 1 << 20;
    private static final int FIRST_WITH_BUILTIN_LOCALES = 17;

    /** What the log says, whose language is the one that initdb was told. */
    private static final String NO_PORT = "could not create any TCP/IP sockets";

    private static final String MEMORY_IN_USE = "pre-existing shared memory block";

    private final PostgresBinaries binaries;
    private final Path dataDirectory;
    private final Path passwordFile;
    private final Path logFile;
    private final Map<String, String> settings;
    private final PostgresPrograms programs;

    /**
     * @param dataDirectory absolute, real path, because it is compared with the server's command line
     * @param settings server settings beyond those every cluster of Luna has; they win
     */
    PostgresCluster(
            PostgresBinaries binaries,
            Path dataDirectory,
            Path passwordFile,
            Path logFile,
            Map<String, String> settings) {
        this.binaries = binaries;
        this.dataDirectory = dataDirectory;
        this.passwordFile = passwordFile;
        this.logFile = logFile;
        this.settings = new TreeMap<>(settings);
        this.programs = new PostgresPrograms(dataDirectory, logFile);
    }

    Path dataDirectory() {
        return dataDirectory;
    }

    PostgresBinaries binaries() {
        return binaries;
    }

    /** The major version that made the data directory, such as {@code 18}. */
    String majorVersion() throws IOException {
        return Files.readString(dataDirectory.resolve("PG_VERSION")).strip();
    }

    /** Whether {@link #initialize} has completed; the directory appears complete or not at all. */
    boolean isInitialized() {
        return Files.exists(dataDirectory);
    }

    /**
     * Makes the cluster in a sibling directory and renames it, so that a killed {@code initdb} leaves no half cluster. One
     * whose starter was killed goes on for some seconds, in a directory of its own.
     */
    void initialize() throws IOException {
        Path home = Objects.requireNonNull(dataDirectory.getParent());
        String prefix = dataDirectory.getFileName() + ".unfinished";
        removeUnfinished(home, prefix);
        Path unfinished = home.resolve(prefix + UUID.randomUUID()); // which initdb makes, and removes when it fails
        List<String> command = new ArrayList<>(List.of(binaries.initdb().toString()));
        command.addAll(List.of("--pgdata", unfinished.toString()));
        command.addAll(List.of("--username", SUPERUSER, "--pwfile", passwordFile.toString()));
        command.addAll(List.of("--auth", AUTHENTICATION, "--encoding", "UTF8", "--locale", "C"));
        if (Integer.parseInt(binaries.majorVersion()) >= FIRST_WITH_BUILTIN_LOCALES) {
            // The order of C, and upper and lower case of all letters, whatever the machine has.
            command.addAll(List.of("--locale-provider", "builtin", "--builtin-locale", "C.UTF-8"));
        }
        command.add("--no-instructions");
        if ("off".equals(settings.get("fsync"))) {
            command.add("--no-sync");
        }
        programs.runUntilEnd("initdb", command, START_TIMEOUT);
        Files.move(unfinished, dataDirectory);
    }

    private static void removeUnfinished(Path home, String prefix) throws IOException {
        List<Path> left;
        try (Stream<Path> entries = Files.list(home)) {
            left = entries.filter(path -> path.getFileName().toString().startsWith(prefix))
                    .toList();
        }
        for (Path unfinished : left) {
            try {
                FileSystemUtils.deleteRecursively(unfinished);
            } catch (IOException e) {
                // Somebody still writes there: an initdb, which fails now that its files are gone and removes the rest.
                LOG.debug("{} is left to who writes in it", unfinished, e);
            }
        }
    }

    /** The server that runs on this directory, if one does. Whatever a dead one left behind is removed. */
    Optional<PostmasterFile> running() throws IOException {
        Optional<PostmasterFile> server = PostmasterFile.read(dataDirectory);
        if (server.isPresent() && !server.get().isAlive(dataDirectory)) {
            PostmasterFile.delete(dataDirectory);
            return Optional.empty();
        }
        return server;
    }

    /** As {@link #running()}, but waits for a server that is still starting or recovering from a crash. */
    Optional<PostmasterFile> awaitReady() throws IOException {
        long deadline = System.nanoTime() + START_TIMEOUT.toNanos();
        Optional<PostmasterFile> server = running();
        while (server.isPresent() && !server.get().ready()) {
            if (System.nanoTime() - deadline > 0) {
                throw new DatabaseStartException(
                        "PostgreSQL (process " + server.get().pid() + ") on " + dataDirectory
                                + " has not become ready within " + START_TIMEOUT.toSeconds() + " s; see " + logFile);
            }
            pause(PAUSE_MILLIS);
            server = running();
        }
        return server;
    }

    /**
     * Starts the server and waits until it accepts connections, crash recovery included. A log that has become long is put
     * aside, in the place of the one put aside before.
     *
     * @param preferredPort taken when it can be had, so that clients of a server that died find its successor; 0 for any
     */
    PostmasterFile start(int preferredPort) throws IOException {
        if (Files.exists(logFile) && Files.size(logFile) > LONGEST_LOG_BYTES) {
            Files.move(
                    logFile, logFile.resolveSibling(logFile.getFileName() + ".1"), StandardCopyOption.REPLACE_EXISTING);
        }
        boolean isPreferredFree = preferredPort != 0 && awaitFree(preferredPort);
        for (int attempt = 1; ; attempt++) {
            int port = isPreferredFree ? preferredPort : LoopbackPort.free();
            List<String> command = new ArrayList<>(List.of(binaries.pgCtl().toString(), "start"));
            command.addAll(List.of("--pgdata", dataDirectory.toString(), "--log", logFile.toString(), "--silent"));
            command.addAll(List.of("--wait", "--timeout", Long.toString(START_TIMEOUT.toSeconds())));
            command.addAll(List.of("--options", serverOptions(port)));
            try {
                programs.runUntilEnd("pg_ctl start", command, START_TIMEOUT.plusSeconds(10));
                return PostmasterFile.read(dataDirectory)
                        .orElseThrow(() ->
                                new DatabaseStartException("PostgreSQL started and ended at once; see " + logFile));
            } catch (DatabaseStartException e) {
                // It waits no longer, but the server goes on: it may have much to recover from a crash.
                Optional<PostmasterFile> recovering = awaitReady();
                if (recovering.isPresent()) {
                    return recovering.get();
                }
                if (attempt == START_ATTEMPTS) {
                    throw e;
                }
                String reason = String.valueOf(e.getMessage());
                if (reason.contains(MEMORY_IN_USE)) {
                    // Processes of a server that was killed end a moment after it. On another port nobody would find
                    // it.
                    pause(PAUSE_FOR_MEMORY_MILLIS);
                } else if (reason.contains(NO_PORT) || !LoopbackPort.isFree(port)) {
                    // Somebody else was quicker, or it is one that this user must not bind.
                    isPreferredFree = false;
                } else {
                    throw e;
                }
            }
        }
    }

    /** Whether it is free soon: processes of a server that was killed may hold its port a moment longer. */
    private static boolean awaitFree(int port) {
        for (int look = 1; !LoopbackPort.isFree(port); look++) {
            if (look == LOOKS_AT_PORT) {
                return false;
            }
            pause(PAUSE_MILLIS);
        }
        return true;
    }

    /** Between two looks at something that another process does; refused once this one ends. */
    static void pause(long millis) {
        PostgresPrograms.refuseAtEnd();
        try {
            Thread.sleep(millis);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new DatabaseStartException("waiting for PostgreSQL was interrupted", e);
        }
    }

    /** Stops the server: open transactions are rolled back, everything committed is on disk. */
    void stop() throws IOException {
        stop("fast");
    }

    void stop(String mode) throws IOException {
        stop(mode, "--wait");
    }

    /** Begins to stop the server, which does so by itself. */
    void beginStop() throws IOException {
        stop("fast", "--no-wait");
    }

    private void stop(String mode, String wait) throws IOException {
        List<String> command = new ArrayList<>(List.of(binaries.pgCtl().toString(), "stop"));
        command.addAll(List.of("--pgdata", dataDirectory.toString(), "--mode", mode, "--silent"));
        command.addAll(List.of(wait, "--timeout", Long.toString(STOP_TIMEOUT.toSeconds())));
        programs.run("pg_ctl stop", command, STOP_TIMEOUT.plusSeconds(10));
    }

    private String serverOptions(int port) {
        // Clients hear of their errors; the log is for the server's own affairs, and does not grow with what they do.
        Map<String, String> all = new TreeMap<>(Map.of(
                "listen_addresses", "127.0.0.1",
                "unix_socket_directories", "",
                "max_connections", "100",
                "log_line_prefix", "%m [%p] ",
                "log_min_messages", "log",
                "log_checkpoints", "off",
                "timezone", "UTC"));
        all.putAll(settings);
        StringBuilder options = new StringBuilder("-p " + port);
        // pg_ctl hands the options to a shell.
        all.forEach((name, value) ->
                options.append(" -c ").append(name).append("='").append(value).append("'"));
        return options.toString();
    }
}
