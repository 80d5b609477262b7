package dev.luna.batch.database;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Which processes see one another: on Linux those of one container, or those outside of all. From another one a server looks
 * dead, and a second one would be started on its data. So who comes first says in {@code pg.use.lock} where he is. A server
 * that outlives all its users in a container that goes on is not seen.
 */
final class PidNamespace {

    private static final Path LINK = Path.of("/proc/self/ns/pid");
    private static final int LONGEST_NAME = 64;

    private PidNamespace() {}

    /**
     * Refuses a home that is used from another one; of a home that nobody uses, notes this one. To be called under the start
     * lock.
     *
     * @param data the home's data directory; who sees the process of its server is in the right place
     * @param isUsed whether others hold {@code useFile}
     * @throws DatabaseStartException naming the home and what to do instead
     */
    static void requireShared(Path home, Path data, FileChannel useFile, boolean isUsed) throws IOException {
        String own = Files.isSymbolicLink(LINK) ? Files.readSymbolicLink(LINK).toString() : "";
        if (!isUsed) {
            useFile.truncate(0);
            useFile.write(StandardCharsets.UTF_8.encode(own), 0);
            return;
        }
        ByteBuffer content = ByteBuffer.allocate(LONGEST_NAME);
        useFile.read(content, 0);
        String theirs = StandardCharsets.UTF_8.decode(content.flip()).toString();
        // Programs of before write nothing, and leave what was written before them.
        if (!theirs.isEmpty() && !theirs.equals(own) && !PostmasterFile.isServed(data)) {
            throw new DatabaseStartException(
                    home
                            + " is in use by Luna in another container, or outside of this one, whose PostgreSQL this process does not see; run it there (docker exec), or set LUNA_HOME to another directory");
        }
    }
}
