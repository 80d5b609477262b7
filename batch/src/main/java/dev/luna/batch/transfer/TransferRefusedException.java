package dev.luna.batch.transfer;

import java.util.List;

/**
 * An import or export that is not possible as asked. Nothing was changed, or the message says what was; it says what to mend,
 * too.
 */
public final class TransferRefusedException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private final transient List<ImportError> errors;
    private final boolean busy;

    private TransferRefusedException(String message, List<ImportError> errors, boolean busy) {
        super(message);
        this.errors = List.copyOf(errors);
        this.busy = busy;
    }

    static TransferRefusedException because(String message) {
        return new TransferRefusedException(message, List.of(), false);
    }

    static TransferRefusedException busy(String message) {
        return new TransferRefusedException(message, List.of(), true);
    }

    static TransferRefusedException badRows(ImportErrors errors) {
        StringBuilder message = new StringBuilder("nothing was imported:");
        errors.list().forEach(error -> message.append("\n  ").append(error.sentence()));
        if (errors.isFull()) {
            message.append("\n  (there may be more; reading stopped here)");
        }
        return new TransferRefusedException(message.toString(), errors.list(), false);
    }

    /** The first errors found, at most 20; empty when no row is to blame. */
    public List<ImportError> errors() {
        return errors;
    }

    /** Whether it may work later as it is, because another process was in the way. */
    public boolean isBusy() {
        return busy;
    }
}
