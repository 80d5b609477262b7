package dev.luna.batch.transfer;

import de.siegmar.fastcsv.reader.CsvRecord;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The columns that a file has, in its own order.
 *
 * @param columns one per field of a row
 */
record CsvHeader(List<Column> columns) {

    /** A row with one of them could leave half a home. */
    private static final List<String> HOME = List.of("home_lat", "home_lng");

    CsvHeader {
        columns = List.copyOf(columns);
    }

    /** Reads the first row; empty when it has errors, which are then added. */
    static Optional<CsvHeader> read(CsvSource source, CsvRecord first, ImportErrors errors) {
        List<Column> all = source.dataset().columns();
        List<Column> columns = new ArrayList<>();
        boolean sound = true;
        for (int i = 0; i < first.getFieldCount(); i++) {
            String name = first.getField(i);
            Optional<Column> column =
                    all.stream().filter(known -> known.name().equals(name)).findFirst();
            if (column.isEmpty()) {
                String reason = NotUtf8.isIn(name)
                        ? "the file is not UTF-8"
                        : "unknown column " + InvalidValueException.quote(name) + "; known are " + names(all);
                errors.add(source.fileName(), 1, null, reason);
                return Optional.empty();
            } else if (columns.contains(column.get())) {
                errors.add(source.fileName(), 1, name, "the column appears twice");
                sound = false;
            }
            columns.add(column.get());
        }
        for (Column column : all) {
            if (columns.contains(column)) {
                continue;
            }
            if (column.isRequired()) {
                errors.add(source.fileName(), 1, column.name(), "the column is missing in the header");
                sound = false;
            } else if (HOME.contains(column.name())
                    && columns.stream().anyMatch(other -> HOME.contains(other.name()))) {
                errors.add(
                        source.fileName(),
                        1,
                        column.name(),
                        "the column is missing in the header; home_lat and home_lng go together");
                sound = false;
            }
        }
        return sound ? Optional.of(new CsvHeader(columns)) : Optional.empty();
    }

    /** Place of a column in a row, -1 when the file does not have it. */
    int indexOf(String name) {
        for (int i = 0; i < columns.size(); i++) {
            if (columns.get(i).name().equals(name)) {
                return i;
            }
        }
        return -1;
    }

    boolean has(String name) {
        return indexOf(name) >= 0;
    }

    static String names(List<Column> columns) {
        return String.join(", ", columns.stream().map(Column::name).toList());
    }
}
