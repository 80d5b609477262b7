package dev.luna.batch.transfer;

import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.Optional;

/** What lies where a file is expected, but is none: taken for absent, it would be left out without a word. */
final class NoFile {

    private NoFile() {}

    /** Says what it is; empty when there is a file, a link to one, or nothing. */
    static Optional<String> at(Path path) {
        if (Files.isRegularFile(path) || !Files.exists(path, LinkOption.NOFOLLOW_LINKS)) {
            return Optional.empty();
        }
        if (Files.isDirectory(path)) {
            return Optional.of(path + " is a directory");
        }
        return Optional.of(path + (Files.exists(path) ? " is no ordinary file" : " is a link that leads to no file"));
    }
}
