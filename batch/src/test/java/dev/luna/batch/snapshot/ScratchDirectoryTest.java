package dev.luna.batch.snapshot;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ScratchDirectoryTest {

    @Test
    void aFileInItsPlaceIsSaidInWords(@TempDir Path directory) throws Exception {
        Path file = Files.createFile(directory.resolve("scratch"));

        assertThatThrownBy(new ScratchDirectory(file)::usableBytes)
                .hasMessage(
                        "scratch files in %s failed: a file is there already; free space there or choose another directory with luna.scratch.directory",
                        file);
    }
}
