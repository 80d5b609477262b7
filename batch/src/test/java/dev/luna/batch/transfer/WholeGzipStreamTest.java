package dev.luna.batch.transfer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;
import java.util.Random;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;

/** Members that end anywhere in the buffer, as parallel compressors write them. */
class WholeGzipStreamTest {

    private final Random random = new Random(7);

    @Test
    void wholeFilesAreReadAndOthersRefusedWhereverMembersEnd() throws IOException {
        for (int n = 0; n < 2_000; n++) {
            ByteArrayOutputStream content = new ByteArrayOutputStream();
            ByteArrayOutputStream file = new ByteArrayOutputStream();
            for (int members = 1 + random.nextInt(4); members > 0; members--) {
                byte[] part = new byte[random.nextInt(200)];
                random.nextBytes(part);
                content.write(part);
                try (GZIPOutputStream gzip = new GZIPOutputStream(file)) {
                    gzip.write(part);
                }
            }
            byte[] whole = file.toByteArray();
            int bufferBytes = 1 + random.nextInt(300);

            assertThat(read(whole, bufferBytes)).as("file %d", n).isEqualTo(content.toByteArray());
            byte[] addedTo = Arrays.copyOf(whole, whole.length + 1 + random.nextInt(40));
            assertThatThrownBy(() -> read(addedTo, bufferBytes))
                    .as("file %d", n)
                    .isInstanceOf(IOException.class)
                    .hasMessageContaining("byte " + whole.length + " begins no complete member");
        }
    }

    private static byte[] read(byte[] file, int bufferBytes) throws IOException {
        CountingStream counted = new CountingStream(new ByteArrayInputStream(file), bytes -> {});
        try (InputStream in = new WholeGzipStream(counted, bufferBytes)) {
            return in.readAllBytes();
        }
    }
}
