package dev.luna.batch.transfer;

import java.io.IOException;
import java.util.zip.GZIPInputStream;
import java.util.zip.ZipException;

/**
 * A gzip file that must be one to its last byte. {@link GZIPInputStream} takes what follows a member and is no complete
 * header for the end of the file: rows of a file that was put together from several and then cut would be lost without a
 * word. Not thread-safe.
 */
final class WholeGzipStream extends GZIPInputStream {

    /** Checksum and length at the end of a member. */
    private static final int TRAILER_BYTES = 8;

    private final CountingStream file;

    /** Bytes of the file that the inflater has been given. */
    private long given;

    WholeGzipStream(CountingStream file, int bufferBytes) throws IOException {
        super(file, bufferBytes);
        this.file = file;
    }

    @Override
    protected void fill() throws IOException {
        super.fill();
        given = file.bytes();
    }

    @Override
    public int read(byte[] target, int offset, int length) throws IOException {
        int taken = super.read(target, offset, length);
        if (taken < 0) {
            long end = given - inf.getRemaining() + TRAILER_BYTES;
            if (in.read() >= 0 || file.bytes() != end) {
                throw new ZipException(
                        "byte " + end + " begins no complete member; the file is truncated or was added to");
            }
        }
        return taken;
    }
}
