package dev.luna.batch.snapshot;

import dev.luna.batch.database.FileFailure;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * Where runs keep what does not fit into memory while they work; nothing there outlives the process.
 *
 * @param directory made when missing; {@code luna.scratch.directory}
 */
@ConfigurationProperties(value = "luna.scratch", ignoreUnknownFields = false)
record ScratchDirectory(@DefaultValue("./var/scratch") Path directory) {

    /** Bytes that may still be written there. */
    long usableBytes() {
        try {
            Files.createDirectories(directory);
            return Files.getFileStore(directory).getUsableSpace();
        } catch (IOException e) {
            throw failure(e);
        }
    }

    /** What went wrong there, with the remedy. */
    IllegalStateException failure(IOException cause) {
        return new IllegalStateException(
                "scratch files in %s failed: %s; free space there or choose another directory with luna.scratch.directory"
                        .formatted(directory.toAbsolutePath().normalize(), FileFailure.reason(cause)),
                cause);
    }
}
