package dev.luna.api.web;

import jakarta.servlet.ServletInputStream;
import java.io.IOException;
import java.time.Duration;
import java.util.function.LongSupplier;

/**
 * A request body that has to come at a certain pace on the whole. The container limits each wait for more only, so that a
 * client who sends a byte now and then would keep a thread for as long as he likes. A wait is not cut short: the body is
 * refused when something comes; when nothing does, the container closes the connection.
 */
final class BodyPace extends WatchedBody {

    /** Time for a small body over a bad line; as long as the container waits for the next bytes. */
    static final Duration GRACE = Duration.ofSeconds(20);

    /** A poor mobile line's. */
    static final int BYTES_PER_SECOND = 32 * 1024;

    private final LongSupplier nanoTime;
    private final long start;
    private long received;
    private boolean isTooSlow;

    /** @param nanoTime a clock in nanoseconds; the body is expected from now on */
    BodyPace(ServletInputStream source, LongSupplier nanoTime) {
        super(source);
        this.nanoTime = nanoTime;
        this.start = nanoTime.getAsLong();
    }

    @Override
    public int read(byte[] buffer, int offset, int length) throws IOException {
        // Whoever was refused is not waited for again.
        if (isTooSlow) {
            throw RefusedBodyException.tooSlow();
        }
        return super.read(buffer, offset, length);
    }

    @Override
    void received(int bytes) throws IOException {
        received += bytes;
        double secondsAllowed = GRACE.toSeconds() + (double) received / BYTES_PER_SECOND;
        if ((nanoTime.getAsLong() - start) / 1e9 > secondsAllowed) {
            isTooSlow = true;
            throw RefusedBodyException.tooSlow();
        }
    }
}
