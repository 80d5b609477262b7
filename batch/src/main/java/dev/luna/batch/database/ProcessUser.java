package dev.luna.batch.database;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** The operating system's user that runs this process, as the owner of the files it makes. */
final class ProcessUser {

    private static final int UID = readUid();

    private ProcessUser() {}

    static boolean isRoot() {
        return UID == 0;
    }

    /** Whether {@code path} belongs to this user. PostgreSQL insists on it for its data directory. */
    static boolean owns(Path path) throws IOException {
        return uid(path) == UID;
    }

    private static int readUid() {
        // A user without an entry in the password file has no reliable user.name; a new file always has the right
        // owner.
        try {
            Path probe = Files.createTempFile("luna-user-", null);
            try {
                return uid(probe);
            } finally {
                Files.delete(probe);
            }
        } catch (IOException e) {
            throw new UncheckedIOException("cannot make a file in " + System.getProperty("java.io.tmpdir"), e);
        }
    }

    private static int uid(Path path) throws IOException {
        return (Integer) Files.getAttribute(path, "unix:uid");
    }
}
