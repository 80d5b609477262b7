package dev.luna.batch.run;

import org.jspecify.annotations.Nullable;

/** An operation on runs that their present state does not allow. The message says why and what to do instead. */
public final class RunRefusedException extends RuntimeException {

    private final transient @Nullable Run running;

    RunRefusedException(String message) {
        this(message, null);
    }

    RunRefusedException(String message, @Nullable Run running) {
        super(message);
        this.running = running;
    }

    /** The run in the way, when one is under way or has just ended; null when something else refuses. */
    public @Nullable Run running() {
        return running;
    }
}
