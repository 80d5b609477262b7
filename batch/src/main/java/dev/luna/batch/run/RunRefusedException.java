package dev.luna.batch.run;

import org.jspecify.annotations.Nullable;

/** An operation on runs that their present state does not allow. The message says why and what to do instead. */
public sealed class RunRefusedException extends RuntimeException permits ShuttingDownException {

    private final transient @Nullable Run run;

    RunRefusedException(String message) {
        this(message, null);
    }

    RunRefusedException(String message, @Nullable Run run) {
        super(message);
        this.run = run;
    }

    /** The run whose state refuses: one in the way, or the one to be published; null when something else refuses. */
    public @Nullable Run run() {
        return run;
    }
}
