package dev.luna.batch.transfer;

import de.siegmar.fastcsv.reader.CsvRecord;
import java.util.Locale;

/** What the fields of one row must be to each other. */
@FunctionalInterface
interface RowRule {

    /** Adds an error if the row breaks the rule. */
    void check(CsvRecord row, String file, ImportErrors errors);

    /** The rule of a dataset, for a file with the given header. */
    static RowRule of(Dataset dataset, CsvHeader header) {
        return switch (dataset) {
            case USERS -> bothOrNeither(header.indexOf("home_lat"), header.indexOf("home_lng"));
            case SOCIAL_EDGES -> differ(header.indexOf("user_id"), header.indexOf("other_user_id"));
            case VENUES, INTERACTIONS -> (row, file, errors) -> {};
        };
    }

    private static RowRule bothOrNeither(int lat, int lng) {
        return (row, file, errors) -> {
            boolean hasLat = lat >= 0 && !row.getField(lat).isEmpty();
            boolean hasLng = lng >= 0 && !row.getField(lng).isEmpty();
            if (hasLat != hasLng) {
                String missing = hasLat ? "home_lng" : "home_lat";
                String given = hasLat ? "home_lat" : "home_lng";
                errors.add(
                        file,
                        row.getStartingLineNumber(),
                        missing,
                        "is empty, but " + given + " is not; a home needs both, no home neither");
            }
        };
    }

    private static RowRule differ(int user, int other) {
        return (row, file, errors) -> {
            String id = row.getField(other);
            if (!id.isEmpty()
                    && id.toLowerCase(Locale.ROOT).equals(row.getField(user).toLowerCase(Locale.ROOT))) {
                errors.add(
                        file,
                        row.getStartingLineNumber(),
                        "other_user_id",
                        InvalidValueException.shorten(id) + " is also the user_id of this row");
            }
        };
    }
}
