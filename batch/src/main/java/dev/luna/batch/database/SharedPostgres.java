package dev.luna.batch.database;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * This process's share in the embedded PostgreSQL of one Luna home.
 *
 * <p>The server has no owner. Whoever comes first starts it, everyone else attaches, and whoever leaves last stops it.
 * Two lock files decide, and the operating system drops the locks of a process that dies in whatever way:
 *
 * <ul>
 *   <li>{@code pg.start.lock} is held exclusively while a process decides whether to start or stop the server;
 *   <li>{@code pg.use.lock} is held shared by every attached process. A leaving process that
 *       then finds no other's hold stays until it has the other lock, for it was the last one.
 * </ul>
 *
 * <p>A server whose starters were all killed keeps running and is adopted by the next process that comes. A server that
 * was killed or stopped itself is started again within seconds by one of those attached, or by the next process that
 * comes, on the same port if possible, so that their connection pools recover.
 *
 * <p>Several openings in one JVM share one attachment. Thread-safe.
 */
public final class SharedPostgres implements AutoCloseable {

    /**
     * The attachments of this JVM by home. File locks belong to the JVM as a whole, and closing any channel on a lock
     * file drops them all, so there must be one channel per home.
     */
    private static final Map<Path, PostgresAttachment> ATTACHMENTS = new HashMap<>();

    /** Looks after the servers that this JVM uses; started with the first one. */
    private static final ServerWatch WATCH = new ServerWatch(SharedPostgres::reviveServers);

    private final Path home;
    private final PostgresAttachment attachment;
    private boolean closed;

    private SharedPostgres(Path home, PostgresAttachment attachment) {
        this.home = home;
        this.attachment = attachment;
    }

    /**
     * Attaches to the server of {@code home}, starting it first when none runs. The first start on an empty directory
     * takes about 4 s, a later one below 1 s, attaching some 10 ms.
     *
     * @throws DatabaseStartException when the directory belongs to another user, may be written by all, holds the data of
     *     another major version, cannot be written, or the server does not start; the message says what to do
     */
    public static SharedPostgres open(Path home) {
        synchronized (ATTACHMENTS) {
            try {
                Path real = claim(home);
                PostgresAttachment attachment = ATTACHMENTS.get(real);
                if (attachment == null) {
                    attachment = PostgresAttachment.attach(real);
                    ATTACHMENTS.put(real, attachment);
                    WATCH.start();
                }
                attachment.opened();
                return new SharedPostgres(real, attachment);
            } catch (AccessDeniedException e) {
                throw new DatabaseStartException(
                        "cannot write " + e.getFile() + "; make " + home
                                + " writable for this user or set LUNA_HOME to a directory of its own",
                        e);
            } catch (IOException e) {
                throw new DatabaseStartException(
                        "cannot use %s as Luna's home: %s; see to that, or set LUNA_HOME to a directory that can be written"
                                .formatted(home, FileFailure.withName(e)),
                        e);
            }
        }
    }

    /** JDBC URL of the database, without credentials. Whoever takes its port is not told the password. */
    public String jdbcUrl() {
        return "jdbc:postgresql://127.0.0.1:" + attachment.port() + "/" + PostgresAttachment.DATABASE + "?requireAuth="
                + PostgresCluster.AUTHENTICATION;
    }

    /** The only role of the server. */
    public String username() {
        return PostgresCluster.SUPERUSER;
    }

    /** The role's password, which lies in a file of the home that only its user may read. */
    public String password() {
        return attachment.password();
    }

    /** Detaches; the last process to do so stops the server. Closing again does nothing. */
    @Override
    public void close() {
        synchronized (ATTACHMENTS) {
            if (closed) {
                return;
            }
            closed = true;
            if (attachment.closedLast()) {
                ATTACHMENTS.remove(home);
                try {
                    attachment.detach();
                } catch (IOException e) {
                    throw new DatabaseStartException(
                            "cannot stop PostgreSQL of " + home + ": " + FileFailure.withName(e), e);
                }
            }
        }
    }

    private static void reviveServers() throws IOException {
        synchronized (ATTACHMENTS) {
            for (PostgresAttachment attachment : ATTACHMENTS.values()) {
                if (!attachment.isServed()) {
                    attachment.revive();
                }
            }
        }
    }

    /**
     * Makes the home if need be and refuses one of another user, whose files PostgreSQL could not use and whose programs would
     * run as this one.
     */
    private static Path claim(Path home) throws IOException {
        requirePlainName(home.toAbsolutePath());
        make(home);
        Path real = home.toRealPath();
        requirePlainName(real);
        for (String name : List.of("", "pg-bin", "pg-data", "pg-password")) {
            Path path = real.resolve(name);
            if (!Files.exists(path)) {
                continue;
            }
            if (!ProcessUser.owns(path)) {
                // As a mounted volume of this process's group is.
                boolean canHoldHome = path.equals(real) && Files.isWritable(real);
                throw new DatabaseStartException(path + " belongs to user "
                        + Files.getOwner(path).getName() + ", but Luna runs as " + System.getProperty("user.name")
                        + "; run it as the same user, or set LUNA_HOME to "
                        + (canHoldHome ? "a new directory inside it" : "another directory"));
            }
            if (Files.getPosixFilePermissions(path).contains(PosixFilePermission.OTHERS_WRITE)) {
                throw new DatabaseStartException(
                        "%1$s may be written by every user of this machine, who could have Luna run their programs; take that away (chmod o-w %1$s), or set LUNA_HOME to another directory"
                                .formatted(path));
            }
        }
        return real;
    }

    /** PostgreSQL's own programs start one another through a shell and do not quote these. */
    private static void requirePlainName(Path home) {
        for (String character : List.of("\"", "$", "`", "\n", "\r")) {
            if (home.toString().contains(character)) {
                throw new DatabaseStartException("PostgreSQL cannot live in '" + home + "', whose name has a "
                        + (character.isBlank() ? "line break" : character)
                        + " in it; choose another directory with LUNA_HOME");
            }
        }
    }

    private static void make(Path home) throws IOException {
        String remedy = "; set LUNA_HOME to a directory that can be written";
        try {
            // One made without a umask would be refused by the next process.
            Files.createDirectories(home, PostgresBinaries.WRITTEN_BY_OWNER);
        } catch (AccessDeniedException e) {
            throw e;
        } catch (FileAlreadyExistsException e) {
            throw new DatabaseStartException(
                    home + (Files.isRegularFile(home) ? " is a file" : " is no directory") + remedy, e);
        } catch (FileSystemException e) {
            String reason = e.getReason() == null ? "" : " (" + e.getReason() + ")";
            throw new DatabaseStartException(home + " cannot be made" + reason + remedy, e);
        }
    }
}
