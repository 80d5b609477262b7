package dev.luna.batch.transfer;

import dev.luna.batch.database.ShownText;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Collects the first errors of an import, a sentence each; nobody mends more at a time. */
final class ImportErrors {

    private static final int LIMIT = 20;

    private final List<String> sentences = new ArrayList<>();

    /**
     * Adds an error if there is room, for example as {@code venues.csv line 42, column lat: 95.2 is outside [-90, 90]}.
     *
     * @param file name of the file
     * @param line line on which the row starts, the header being line 1; 0 when the file as a whole is meant
     * @param column name of the column; null when the row or the file is meant
     * @param reason what was found and what is expected
     */
    void add(String file, long line, @Nullable String column, String reason) {
        if (!isFull()) {
            sentences.add(file + (line > 0 ? " line " + line : "") + (column == null ? "" : ", column " + column) + ": "
                    + ShownText.of(reason));
        }
    }

    boolean isEmpty() {
        return sentences.isEmpty();
    }

    boolean isFull() {
        return sentences.size() >= LIMIT;
    }

    int room() {
        return LIMIT - sentences.size();
    }

    /** Ends the import if there is any. */
    void refuseIfAny() {
        if (!isEmpty()) {
            throw TransferRefusedException.because("nothing was imported:\n  " + String.join("\n  ", sentences)
                    + (isFull() ? "\n  (there may be more; reading stopped here)" : ""));
        }
    }
}
