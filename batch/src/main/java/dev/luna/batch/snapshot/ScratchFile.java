package dev.luna.batch.snapshot;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.concurrent.atomic.AtomicLong;

/**
 * A file of this process alone that nothing finds once the process is gone: its name is removed as soon as it is open,
 * where the file system can do that, so that even a killed process leaves nothing behind. Thread-safe.
 */
final class ScratchFile implements AutoCloseable {

    private final FileChannel channel;
    private final AtomicLong size = new AtomicLong();

    private ScratchFile(FileChannel channel) {
        this.channel = channel;
    }

    /** @param directory where it takes its room; made when missing */
    static ScratchFile create(Path directory) throws IOException {
        Files.createDirectories(directory);
        Path path = Files.createTempFile(directory, "scratch-", ".tmp");
        return new ScratchFile(FileChannel.open(
                path, StandardOpenOption.READ, StandardOpenOption.WRITE, StandardOpenOption.DELETE_ON_CLOSE));
    }

    /** Appends all that remains in the buffer and returns where it stands. */
    long append(ByteBuffer bytes) throws IOException {
        long at = size.getAndAdd(bytes.remaining());
        for (long to = at; bytes.hasRemaining(); ) {
            to += channel.write(bytes, to);
        }
        return at;
    }

    /** Fills what remains of the buffer from a place. */
    void read(long at, ByteBuffer target) throws IOException {
        for (long from = at; target.hasRemaining(); ) {
            int n = channel.read(target, from);
            if (n < 0) {
                throw new IOException("the scratch file ends at " + from + ", within what was written");
            }
            from += n;
        }
    }

    /** Maps a part; what is mapped outlives the closing of the file. */
    ByteBuffer map(long at, long length) throws IOException {
        return channel.map(FileChannel.MapMode.READ_ONLY, at, length);
    }

    /** Bytes written. */
    long size() {
        return size.get();
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }
}
