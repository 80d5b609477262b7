package dev.luna.batch.transfer;

import java.io.BufferedOutputStream;
import java.io.File;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.time.Instant;
import java.util.UUID;
import java.util.regex.Pattern;
import java.util.zip.GZIPOutputStream;

/** What an export writes a file to before it has its name; readable by whom the umask lets, unlike Java's temporary files. */
final class UnfinishedFile {

    /** Longer than a file lies unchanged in an export that is under way: in one of CSV the first waits for the last. */
    private static final Duration ABANDONED = Duration.ofHours(6);

    private static final int BUFFER_BYTES = 1 << 16;
    private static final String ENDING = ".tmp";

    private UnfinishedFile() {}

    /** A path for the file that is to have the name. What killed exports left of that is removed, where that can be. */
    static Path of(Path directory, String name) {
        Pattern form = Pattern.compile(Pattern.quote("." + name + ".") + "[0-9a-f-]{36}" + Pattern.quote(ENDING));
        long before = Instant.now().minus(ABANDONED).toEpochMilli();
        File[] left = directory
                .toFile()
                .listFiles(file -> form.matcher(file.getName()).matches() && file.lastModified() < before);
        for (File file : left == null ? new File[0] : left) {
            file.delete();
        }
        return directory.resolve("." + name + "." + UUID.randomUUID() + ENDING);
    }

    /** Opens it; compressed if the name that it will have says so. */
    static OutputStream open(Path path, String name) throws IOException {
        OutputStream file = Files.newOutputStream(path, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
        return name.endsWith(".gz")
                ? new BufferedOutputStream(new GZIPOutputStream(file, BUFFER_BYTES), BUFFER_BYTES)
                : new BufferedOutputStream(file, BUFFER_BYTES);
    }
}
