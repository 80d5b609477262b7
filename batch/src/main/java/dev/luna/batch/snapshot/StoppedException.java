package dev.luna.batch.snapshot;

import java.io.Serial;

/** Work on a run was stopped on request; nothing of the step under way counts. */
public final class StoppedException extends RuntimeException {

    @Serial
    private static final long serialVersionUID = 1;

    /** @param doing what was being done, such as "reading the snapshot" */
    public StoppedException(String doing) {
        super("stopped while " + doing);
    }
}
