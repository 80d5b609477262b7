package dev.luna.batch.snapshot;

import java.io.Serial;

/** The reading of a snapshot was stopped on request; nothing of it counts. */
public final class StoppedException extends RuntimeException {

    @Serial
    private static final long serialVersionUID = 1;

    StoppedException() {
        super("stopped while reading the snapshot");
    }
}
