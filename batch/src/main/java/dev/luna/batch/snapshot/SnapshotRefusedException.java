package dev.luna.batch.snapshot;

import java.io.Serial;

/**
 * A snapshot cannot be taken, or loaded, as things are, and nothing of it was. The message says what is short and what to
 * change, which is all there is to know: no stack trace, so that a log is not filled by one.
 */
public final class SnapshotRefusedException extends RuntimeException {

    @Serial
    private static final long serialVersionUID = 1;

    /** @param message what is short and what to change */
    public SnapshotRefusedException(String message) {
        super(message, null, false, false);
    }
}
