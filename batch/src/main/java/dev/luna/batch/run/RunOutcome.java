package dev.luna.batch.run;

import org.jspecify.annotations.Nullable;

/**
 * How one execution of a run's job ended.
 *
 * @param end the kind of end
 * @param failure why, for {@link End#FAILED} and {@link End#DISCONNECTED}; null otherwise
 */
public record RunOutcome(End end, @Nullable RunFailure failure) {

    /** The ways an execution can end. */
    public enum End {
        COMPLETED,
        STOPPED,
        FAILED,
        /**
         * The connection to the database broke; what was committed stands, and the run goes on once it is back. Never a
         * reason to fail.
         */
        DISCONNECTED
    }
}
