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
         * The connection to the database broke, or a transaction was ended for a deadlock; what was committed stands, and the
         * run goes on once the database answers, however often. Never a reason to fail.
         */
        DISCONNECTED
    }
}
