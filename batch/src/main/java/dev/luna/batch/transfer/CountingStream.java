package dev.luna.batch.transfer;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.function.LongConsumer;

/** Counts the bytes taken from a file, and tells how many they are. Not thread-safe. */
final class CountingStream extends FilterInputStream {

    private final LongConsumer listener;
    private long bytes;

    CountingStream(InputStream in, LongConsumer listener) {
        super(in);
        this.listener = listener;
    }

    /** Bytes taken so far. */
    long bytes() {
        return bytes;
    }

    @Override
    public int read() throws IOException {
        int next = super.read();
        if (next >= 0) {
            listener.accept(++bytes);
        }
        return next;
    }

    @Override
    public int read(byte[] target, int offset, int length) throws IOException {
        int taken = super.read(target, offset, length);
        if (taken > 0) {
            bytes += taken;
            listener.accept(bytes);
        }
        return taken;
    }
}
