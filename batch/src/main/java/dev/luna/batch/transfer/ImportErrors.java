package dev.luna.batch.transfer;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Collects the first errors of an import; nobody mends more at a time. */
final class ImportErrors {

    static final int LIMIT = 20;

    private final List<ImportError> errors = new ArrayList<>();

    void add(String file, long line, @Nullable String column, String reason) {
        if (!isFull()) {
            errors.add(new ImportError(file, line, column, InvalidValueException.printable(reason)));
        }
    }

    boolean isEmpty() {
        return errors.isEmpty();
    }

    boolean isFull() {
        return errors.size() >= LIMIT;
    }

    int room() {
        return LIMIT - errors.size();
    }

    List<ImportError> list() {
        return List.copyOf(errors);
    }

    /** Ends the import if there is any. */
    void refuseIfAny() {
        if (!isEmpty()) {
            throw TransferRefusedException.badRows(this);
        }
    }
}
