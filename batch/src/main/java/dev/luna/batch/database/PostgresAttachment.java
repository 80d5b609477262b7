package dev.luna.batch.database;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One JVM's hold on the server of one home: the lock that says so, and starting and stopping. Guarded by {@link SharedPostgres}. */
final class PostgresAttachment {

    /**
     * Durable like any server: a crash of the machine loses nothing that was committed. A run of a million users writes 2.1 GB
     * of WAL; a checkpoint in the middle would have its keys write most pages of its tables to the WAL once more.
     */
    private static final Map<String, String> SETTINGS = Map.of(
            "fsync", "on",
            "synchronous_commit", "on",
            "shared_buffers", "128MB",
            "max_wal_size", "6GB",
            "maintenance_work_mem", "128MB");

    /** Places of {@link #isUsed}. */
    private static final long COMING = 0;

    private static final long LEAVING = 1;

    static final String DATABASE = "luna";
    private static final Logger LOG = LoggerFactory.getLogger(PostgresAttachment.class);

    private final Path home;
    private final PostgresCluster cluster;
    private final String password;
    private final FileChannel useFile;
    private final FileLock use;
    private final int port;
    private int openings;

    private PostgresAttachment(
            Path home, PostgresCluster cluster, String password, FileChannel useFile, FileLock use, int port) {
        this.home = home;
        this.cluster = cluster;
        this.password = password;
        this.useFile = useFile;
        this.use = use;
        this.port = port;
    }

    /** Attaches to the server of a home, starting it when none runs. */
    static PostgresAttachment attach(Path home) throws IOException {
        try (FileChannel startFile = lockFile(home, "pg.start.lock");
                FileLock starting = lockUntilEnd(startFile)) {
            LOG.debug("deciding on the server of {} under {}", home, starting);
            FileChannel useFile = lockFile(home, "pg.use.lock");
            try {
                Path data = home.resolve("pg-data");
                boolean isUsed = isUsed(useFile, COMING);
                PidNamespace.requireShared(home, data, useFile, isUsed);
                if (!Files.exists(data) && isUsed) {
                    // An empty cluster in its place would become everybody's.
                    throw gone(data);
                }
                String password = password(home, data);
                PostgresCluster cluster = new PostgresCluster(
                        PostgresBinaries.unpack(home.resolve("pg-bin")),
                        data,
                        home.resolve("pg-password"),
                        home.resolve("postgres.log"),
                        SETTINGS);
                if (!cluster.isInitialized()) {
                    LOG.info("making a PostgreSQL cluster in {}", data);
                    cluster.initialize();
                }
                int port = attachOrStart(cluster, password, isUsed);
                // Not before: who leaves counts on those who have it. Exclusively it is only had for a look.
                FileLock use = useFile.lock(0, Long.MAX_VALUE, true);
                return new PostgresAttachment(home, cluster, password, useFile, use, port);
            } catch (IOException | RuntimeException e) {
                useFile.close();
                throw e;
            }
        }
    }

    /** Whether the server's process is there. Looks without a lock: what it says may be over already. */
    boolean isServed() throws IOException {
        return PostmasterFile.isServed(cluster.dataDirectory());
    }

    /**
     * Starts the server again if it is gone; on its port, where this process's connection pool looks for it.
     *
     * @throws DatabaseStartException when its data is gone too; an empty cluster is no substitute
     */
    void revive() throws IOException {
        if (!cluster.isInitialized()) {
            throw gone(cluster.dataDirectory());
        }
        try (FileChannel startFile = lockFile(home, "pg.start.lock");
                FileLock starting = lockUntilEnd(startFile)) {
            if (isServed()) {
                return;
            }
            LOG.warn("PostgreSQL of {} is gone and is started again under {}", home, starting);
            int revived = attachOrStart(cluster, password, true);
            if (revived != port) {
                LOG.error(
                        "PostgreSQL of {} listens on port {} now, no longer on {}; this process must be started again to find it",
                        home,
                        revived,
                        port);
            }
        }
    }

    int port() {
        return port;
    }

    String password() {
        return password;
    }

    /** Counts an opening within this JVM. */
    void opened() {
        openings++;
    }

    /** Counts one back; true when it was the last, and the attachment is to be detached. */
    boolean closedLast() {
        openings--;
        return openings == 0;
    }

    /** Leaves the server, and stops it when no other process uses it. */
    void detach() throws IOException {
        try (FileChannel startFile = lockFile(home, "pg.start.lock");
                FileChannel left = useFile) {
            use.release();
            FileLock stopping = startFile.tryLock();
            // Who is attached will leave, too; of two that leave, at least the one whose look the other met stays here.
            while (!isUsed(left, LEAVING)) {
                if (stopping != null) {
                    if (cluster.running().isPresent()) {
                        cluster.stop();
                    }
                    return;
                }
                // Another may start the server, and may fail.
                Thread.sleep(PostgresCluster.PAUSE_MILLIS);
                stopping = startFile.tryLock();
            }
            LOG.debug("PostgreSQL of {} stays: other processes use it", home);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new DatabaseStartException("waiting to stop PostgreSQL was interrupted", e);
        }
    }

    /** Another process may hold it for as long as a server takes to recover from a crash. */
    private static FileLock lockUntilEnd(FileChannel startFile) throws IOException {
        FileLock lock = startFile.tryLock();
        while (lock == null) {
            PostgresCluster.pause(PostgresCluster.PAUSE_MILLIS);
            lock = startFile.tryLock();
        }
        return lock;
    }

    /**
     * Whether other processes are attached. Asked while this one is not.
     *
     * @param place of {@code pg.use.lock}, all of which they hold: whoever comes and whoever leaves must not take each other's
     *     look for a hold
     */
    private static boolean isUsed(FileChannel useFile, long place) throws IOException {
        try (FileLock alone = useFile.tryLock(place, 1, false)) {
            return alone == null;
        }
    }

    private static DatabaseStartException gone(Path data) {
        return new DatabaseStartException(data + " is gone, though it is in use; put it back");
    }

    /** @param isUsed whether others look for the server on the port that it had */
    private static int attachOrStart(PostgresCluster cluster, String password, boolean isUsed) throws IOException {
        requireSameMajorVersion(cluster);
        PostgresSuperuser superuser = new PostgresSuperuser(password);
        int formerPort = PostmasterFile.formerPort(cluster.dataDirectory());
        Optional<PostmasterFile> running = cluster.awaitReady();
        if (running.isPresent()) {
            superuser.requireOwnData(cluster, running.get());
            superuser.createDatabase(running.get().port());
            return running.get().port();
        }
        boolean isStarted = false;
        try {
            // Else one that an outgoing connection could have, as servers had of old, is left for another.
            PostmasterFile started = cluster.start(isUsed || formerPort <= LoopbackPort.LAST ? formerPort : 0);
            isStarted = true;
            LOG.info("PostgreSQL of {} listens on 127.0.0.1:{}", cluster.dataDirectory(), started.port());
            superuser.createDatabase(started.port());
            if (!isUsed) {
                removeOtherBinaries(cluster.binaries());
            }
            return started.port();
        } catch (DatabaseStartException e) {
            // Others need it, and the last of them stops it. One that takes its time to recover from a crash goes on.
            if (!isUsed && (isStarted || ProcessEnd.isUnderWay())) {
                stopAfter(e, cluster);
            }
            throw e;
        }
    }

    /** Under the start lock, while nobody else is attached, and beside a server that was started from these. */
    private static void removeOtherBinaries(PostgresBinaries binaries) {
        try {
            binaries.removeOthers();
        } catch (IOException | UncheckedIOException e) {
            LOG.debug("binaries beside {} are left to the next start", binaries.home(), e);
        }
    }

    /** Nobody else would stop it. */
    private static void stopAfter(DatabaseStartException reason, PostgresCluster cluster) {
        try {
            if (cluster.running().isEmpty()) {
                return;
            }
            if (ProcessEnd.isUnderWay()) {
                cluster.beginStop();
            } else {
                cluster.stop();
            }
        } catch (IOException | DatabaseStartException e) {
            reason.addSuppressed(e);
        }
    }

    private static void requireSameMajorVersion(PostgresCluster cluster) throws IOException {
        String stored = cluster.majorVersion();
        String available = cluster.binaries().majorVersion();
        if (!stored.equals(available)) {
            throw new DatabaseStartException(cluster.dataDirectory() + " holds the data of PostgreSQL " + stored
                    + ", but this build brings PostgreSQL " + available + "; export with the build that made it, "
                    + "and import into a new LUNA_HOME with this one (plans, bookings and runs are not in an export; "
                    + "pg_dump keeps them)");
        }
    }

    private static FileChannel lockFile(Path home, String name) throws IOException {
        return FileChannel.open(
                home.resolve(name),
                Set.of(StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE),
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-r--r--")));
    }

    /** Reads the password of the server's role, made up by the first process of the home before it makes the data. */
    private static String password(Path home, Path data) throws IOException {
        Path file = home.resolve("pg-password");
        if (!Files.exists(file)) {
            if (Files.exists(data)) {
                throw new DatabaseStartException(file + " is missing, but the data in " + data
                        + " needs the password in it; put the file back, or begin anew with another LUNA_HOME");
            }
            Path unfinished = home.resolve("pg-password.unfinished");
            Files.deleteIfExists(unfinished);
            Files.createFile(
                    unfinished, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
            byte[] random = new byte[16];
            new SecureRandom().nextBytes(random);
            Files.writeString(unfinished, HexFormat.of().formatHex(random));
            Files.move(unfinished, file);
        }
        return Files.readString(file).strip();
    }
}
