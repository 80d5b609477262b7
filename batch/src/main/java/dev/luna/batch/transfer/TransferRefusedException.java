package dev.luna.batch.transfer;

import org.jspecify.annotations.Nullable;

/**
 * An import or export that is not possible as asked. Nothing was changed, or the message says what was or may be; it says what
 * to do, too.
 */
public final class TransferRefusedException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    /** What is in the way. */
    public enum Kind {
        /** What was asked for, such as a row or the name of a file; it will not do as it is. */
        INPUT,
        /** The state of the database: another import, or no published run. It may do later. */
        STATE,
        /** A directory that cannot be written to, because it is full for example. */
        DISK,
        /** The way to the database, which was lost when it was not known yet what became of the rows. */
        CONNECTION
    }

    private final Kind kind;

    private TransferRefusedException(Kind kind, String message, @Nullable Throwable cause) {
        super(message, cause);
        this.kind = kind;
    }

    static TransferRefusedException because(String message) {
        return because(Kind.INPUT, message);
    }

    static TransferRefusedException because(Kind kind, String message) {
        return new TransferRefusedException(kind, message, null);
    }

    /** A connection that was lost, with what says why. */
    static TransferRefusedException becauseOf(RuntimeException lost, String message) {
        return new TransferRefusedException(Kind.CONNECTION, message, lost);
    }

    /** Whose affair it is. */
    public Kind kind() {
        return kind;
    }
}
