package dev.luna.api.web;

import jakarta.servlet.ReadListener;
import jakarta.servlet.ServletInputStream;
import java.io.IOException;
import java.time.Duration;
import java.util.function.LongSupplier;

/**
 * A request body that may be of a certain size, and has to come at a certain pace on the whole. The container limits each
 * wait for more only, so that a client who sends a byte now and then would keep a thread for as long as he likes. A wait is
 * not cut short: the body is refused when something comes; when nothing does, the container closes the connection.
 */
final class GuardedBody extends ServletInputStream {

    /** Time for a small body over a bad line; as long as the container waits for the next bytes. */
    static final Duration GRACE = Duration.ofSeconds(20);

    /** A poor mobile line's. */
    static final int BYTES_PER_SECOND = 32 * 1024;

    /** Twice the largest limit that {@code luna.http.*} can have. Whoever sends more is cut off. */
    private static final long MOST_DROPPED_BYTES = 128L << 20;

    private final ServletInputStream source;
    private final long maxBytes;
    private final String setting;
    private final LongSupplier nanoTime;
    private final long start;
    private long received;
    private boolean isTooSlow;

    /**
     * @param setting the name of the setting that gives {@code maxBytes}
     * @param nanoTime a clock in nanoseconds; the body is expected from now on
     */
    GuardedBody(ServletInputStream source, long maxBytes, String setting, LongSupplier nanoTime) {
        this.source = source;
        this.maxBytes = maxBytes;
        this.setting = setting;
        this.nanoTime = nanoTime;
        this.start = nanoTime.getAsLong();
    }

    /** What is told of a body that is larger. */
    RefusedBodyException tooLarge() {
        return RefusedBodyException.tooLarge(maxBytes, setting);
    }

    @Override
    public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] buffer, int offset, int length) throws IOException {
        // Whoever was refused is not waited for again.
        if (isTooSlow) {
            throw RefusedBodyException.tooSlow();
        }
        int n = source.read(buffer, offset, length);
        if (n >= 0) {
            received += n;
            double secondsAllowed = GRACE.toSeconds() + (double) received / BYTES_PER_SECOND;
            if ((nanoTime.getAsLong() - start) / 1e9 > secondsAllowed) {
                isTooSlow = true;
                throw RefusedBodyException.tooSlow();
            }
        }
        if (received > maxBytes) {
            throw tooLarge();
        }
        return n;
    }

    /** Receives what no call has read, for a while, and forgets it; not from whom was too slow already. */
    void drop() throws IOException {
        byte[] buffer = new byte[8192];
        long begin = nanoTime.getAsLong();
        long left = MOST_DROPPED_BYTES;
        int n = isTooSlow ? -1 : 0;
        while (n >= 0 && left > 0 && nanoTime.getAsLong() - begin < GRACE.toNanos()) {
            n = source.read(buffer, 0, buffer.length);
            left -= n;
        }
    }

    @Override
    public boolean isFinished() {
        return source.isFinished();
    }

    @Override
    public boolean isReady() {
        return source.isReady();
    }

    @Override
    public void setReadListener(ReadListener listener) {
        source.setReadListener(listener);
    }
}
