package dev.luna.batch.transfer;

import de.siegmar.fastcsv.reader.CloseableIterator;
import de.siegmar.fastcsv.reader.CsvParseException;
import de.siegmar.fastcsv.reader.CsvReader;
import de.siegmar.fastcsv.reader.CsvRecord;
import dev.luna.batch.database.BinaryCopyWriter;
import dev.luna.batch.database.FileFailure;
import java.io.EOFException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Optional;
import java.util.function.LongConsumer;
import java.util.stream.Stream;
import java.util.zip.ZipException;
import org.jspecify.annotations.Nullable;

/**
 * Streams one file by binary COPY into its staging table, which has the file's columns and the line of each row, and
 * checks everything that needs no database on the way. Memory does not depend on the size of the file.
 */
final class FileStaging {

    private final CsvSource source;
    private final ImportErrors errors;
    private long line;
    private long rows;
    private boolean isTimeMissing;

    FileStaging(CsvSource source, ImportErrors errors) {
        this.source = source;
        this.errors = errors;
    }

    /**
     * Reads the file until its end or until {@code errors} is full.
     *
     * @return empty when the file cannot be read to its end
     */
    Optional<StagedFile> stage(Connection connection, LongConsumer bytesRead) throws SQLException {
        try (CsvReader<CsvRecord> reader = source.open(bytesRead);
                CloseableIterator<CsvRecord> records = reader.iterator()) {
            if (!records.hasNext()) {
                errors.add(source.fileName(), 0, null, "the file is empty; a header with the columns is expected");
                return Optional.empty();
            }
            Optional<CsvHeader> header = CsvHeader.read(source, records.next(), errors);
            if (header.isEmpty()) {
                return Optional.empty();
            }
            line = 1;
            copy(connection, header.get(), records);
            return Optional.of(new StagedFile(
                    source, header.get(), rows, isTimeMissing || !header.get().has("created_at")));
        } catch (CsvParseException | UncheckedIOException | IOException e) {
            noteUnreadable(e);
            return Optional.empty();
        }
    }

    /**
     * The next row; null at the end, when there are errors enough, or when the file cannot be read further. The last is
     * an error of the file and no reason to break off the COPY, which would end the transaction before the other files
     * have been looked at.
     */
    private @Nullable CsvRecord next(CloseableIterator<CsvRecord> records) {
        try {
            return !errors.isFull() && records.hasNext() ? records.next() : null;
        } catch (CsvParseException | UncheckedIOException e) {
            noteUnreadable(e);
            return null;
        }
    }

    private void noteUnreadable(Exception failure) {
        errors.add(source.fileName(), line == 0 ? 0 : line + 1, null, unreadable(failure));
    }

    private void copy(Connection connection, CsvHeader header, CloseableIterator<CsvRecord> records)
            throws SQLException {
        RowRule rule = RowRule.of(source.dataset(), header);
        String[] columns = Stream.concat(
                        Stream.of("line"), header.columns().stream().map(Column::name))
                .toArray(String[]::new);
        try (BinaryCopyWriter staging =
                BinaryCopyWriter.open(connection, source.dataset().stagingTable(), columns)) {
            for (CsvRecord row = next(records); row != null; row = next(records)) {
                line = row.getStartingLineNumber();
                rows++;
                if (row.getFieldCount() == header.columns().size()) {
                    write(row, header, staging);
                    rule.check(row, source.fileName(), errors);
                } else {
                    errors.add(
                            source.fileName(),
                            line,
                            null,
                            "has " + row.getFieldCount() + " fields, the header has "
                                    + header.columns().size());
                }
                line += lineBreaks(row);
            }
            staging.finish();
        }
    }

    /** Quoted fields may span lines. */
    private static int lineBreaks(CsvRecord row) {
        int breaks = 0;
        for (int i = 0; i < row.getFieldCount(); i++) {
            String field = row.getField(i);
            for (int at = field.indexOf('\n'); at >= 0; at = field.indexOf('\n', at + 1)) {
                breaks++;
            }
        }
        return breaks;
    }

    /** A bad field is staged as null: with an error noted, the staging table is never used. */
    private void write(CsvRecord row, CsvHeader header, BinaryCopyWriter staging) throws SQLException {
        staging.startRow();
        staging.int8(line);
        for (int i = 0; i < header.columns().size(); i++) {
            Column column = header.columns().get(i);
            String value = row.getField(i);
            try {
                if (!value.isEmpty()) {
                    requireUtf8(value);
                    column.type().write(value, staging);
                    continue;
                } else if (column.isRequired()) {
                    throw new InvalidValueException("is empty, but every row needs it");
                }
                isTimeMissing |= column.name().equals("created_at");
            } catch (InvalidValueException e) {
                errors.add(source.fileName(), line, column.name(), String.valueOf(e.getMessage()));
            }
            staging.nullValue();
        }
    }

    private static void requireUtf8(String value) throws InvalidValueException {
        if (NotUtf8.isIn(value)) {
            throw new InvalidValueException(
                    InvalidValueException.quote(value) + " is not UTF-8; save the file in that encoding");
        }
    }

    private static String unreadable(Exception failure) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof EOFException) {
                return "the compressed file ends early, it is truncated; copy it again";
            } else if (cause instanceof ZipException) {
                return "the compressed file is damaged or no gzip file (" + cause.getMessage() + ")";
            }
        }
        if (failure instanceof CsvParseException) {
            return "is not CSV: " + failure.getMessage() + rootReason(failure);
        }
        return "cannot be read: " + FileFailure.reason(failure);
    }

    private static String rootReason(Exception failure) {
        return failure.getCause() == null ? "" : ": " + failure.getCause().getMessage();
    }
}
