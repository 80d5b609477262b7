package dev.luna.batch.transfer;

import org.jspecify.annotations.Nullable;

/**
 * Why a file cannot be imported.
 *
 * @param file name of the file
 * @param line line on which the row starts, the header being line 1; 0 when the file as a whole is meant
 * @param column name of the column; null when the row or the file is meant
 * @param reason what was found and what is expected
 */
record ImportError(String file, long line, @Nullable String column, String reason) {

    /** For example {@code venues.csv line 42, column lat: 95.2 is outside [-90, 90]}. */
    String sentence() {
        return file + (line > 0 ? " line " + line : "") + (column == null ? "" : ", column " + column) + ": " + reason;
    }
}
