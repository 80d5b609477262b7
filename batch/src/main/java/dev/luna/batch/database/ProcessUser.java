package dev.luna.batch.database;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** The operating system's user that runs this process, as the owner of the files it makes. */
final class ProcessUser {

    private static final Path TEMPORARY = Path.of(System.getProperty("java.io.tmpdir"));

    private ProcessUser() {}

    static boolean isRoot() {
        return uid(TEMPORARY) == 0;
    }

    /** Whether {@code path} belongs to this user. PostgreSQL insists on it for its data directory. */
    static boolean owns(Path path) throws IOException {
        return uidOf(path) == uid(TEMPORARY);
    }

    /** @param temporary where a file can be made */
    static int uid(Path temporary) {
        // A user without an entry in the password file has no reliable user.name; a new file always has the right
        // owner.
        try {
            Path probe = Files.createTempFile(temporary, "luna-user-", null);
            try {
                return uidOf(probe);
            } finally {
                Files.delete(probe);
            }
        } catch (IOException e) {
            throw new DatabaseStartException(
                    "cannot make a file in " + temporary
                            + "; set -Djava.io.tmpdir to a directory that can be written, as in LUNA_JAVA_OPTS",
                    e);
        }
    }

    private static int uidOf(Path path) throws IOException {
        return (Integer) Files.getAttribute(path, "unix:uid");
    }
}
