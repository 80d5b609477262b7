package dev.luna.batch.database;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PostgresBinariesTest {

    @TempDir
    private Path directory;

    @Test
    void whatCouldNotBeUnpackedIsRemoved() throws IOException {
        // A file where the distribution's directory is to appear: all is unpacked, and then cannot be used.
        Path distribution =
                PostgresBinaries.unpack(TestServer.binariesDirectory()).home();
        Path inTheWay = Files.createFile(directory.resolve(distribution.getFileName()));

        assertThatThrownBy(() -> PostgresBinaries.unpack(directory))
                .isInstanceOf(DatabaseStartException.class)
                .hasMessageContaining("cannot unpack PostgreSQL into " + directory);

        try (Stream<Path> left = Files.list(directory)) {
            assertThat(left).containsExactly(inTheWay);
        }
    }
}
