package dev.luna.batch.transfer;

import dev.luna.batch.database.BinaryCopyWriter;
import java.sql.SQLException;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.List;

/** How a CSV field becomes a value of its column: checks it and writes it in binary. Never called with an empty field. */
interface FieldType {

    /** The column's type in SQL. */
    String sqlType();

    /** Writes the value as the next field of the row. Either writes exactly one field or throws the first exception. */
    void write(String value, BinaryCopyWriter row) throws InvalidValueException, SQLException;

    /** A UUID in its usual form, in either case. */
    record Id() implements FieldType {

        @Override
        public String sqlType() {
            return "uuid";
        }

        @Override
        public void write(String value, BinaryCopyWriter row) throws InvalidValueException, SQLException {
            if (value.length() != 36
                    || value.charAt(8) != '-'
                    || value.charAt(13) != '-'
                    || value.charAt(18) != '-'
                    || value.charAt(23) != '-') {
                throw invalid(value);
            }
            long high = hex(value, 0, 8) << 32 | hex(value, 9, 13) << 16 | hex(value, 14, 18);
            long low = hex(value, 19, 23) << 48 | hex(value, 24, 36);
            row.uuid(high, low);
        }

        private static long hex(String value, int from, int to) throws InvalidValueException {
            long number = 0;
            for (int i = from; i < to; i++) {
                char c = value.charAt(i);
                // Character.digit would also take the digits of other scripts.
                int digit = c < 128 ? Character.digit(c, 16) : -1;
                if (digit < 0) {
                    throw invalid(value);
                }
                number = number << 4 | digit;
            }
            return number;
        }

        private static InvalidValueException invalid(String value) {
            return new InvalidValueException(
                    InvalidValueException.quote(value) + " is not a UUID such as 6ba7b810-9dad-41d1-80b4-00c04fd430c8");
        }
    }

    /**
     * Text.
     *
     * @param longest most characters (code points) allowed
     */
    record Text(int longest) implements FieldType {

        @Override
        public String sqlType() {
            return "text";
        }

        @Override
        public void write(String value, BinaryCopyWriter row) throws InvalidValueException, SQLException {
            if (value.indexOf('\0') >= 0) {
                throw new InvalidValueException("contains a zero character, which PostgreSQL cannot store");
            }
            int length = value.codePointCount(0, value.length());
            if (length > longest) {
                throw new InvalidValueException("has " + length + " characters, at most " + longest + " are allowed");
            }
            row.text(value);
        }
    }

    /**
     * Text that shows something. The API holds users and venues to the same at every change.
     *
     * @param longest most characters (code points) allowed
     */
    record Name(int longest) implements FieldType {

        @Override
        public String sqlType() {
            return "text";
        }

        @Override
        public void write(String value, BinaryCopyWriter row) throws InvalidValueException, SQLException {
            if (value.isBlank()) {
                throw new InvalidValueException("is blank, but every row needs it");
            }
            new Text(longest).write(value, row);
        }
    }

    /**
     * A whole number.
     *
     * @param least smallest allowed
     * @param most largest allowed
     */
    record Whole(int least, int most) implements FieldType {

        @Override
        public String sqlType() {
            return "integer";
        }

        @Override
        public void write(String value, BinaryCopyWriter row) throws InvalidValueException, SQLException {
            int number = parse(value);
            if (number < least || number > most) {
                throw new InvalidValueException(number + " is outside [" + least + ", " + most + "]");
            }
            row.int4(number);
        }

        private int parse(String value) throws InvalidValueException {
            for (int i = 0; i < value.length(); i++) {
                // Java would also take the digits of other scripts.
                if (value.charAt(i) > 127) {
                    throw invalid(value);
                }
            }
            try {
                return Integer.parseInt(value);
            } catch (NumberFormatException e) {
                throw invalid(value);
            }
        }

        private InvalidValueException invalid(String value) {
            return new InvalidValueException(
                    InvalidValueException.quote(value) + " is not a whole number in [" + least + ", " + most + "]");
        }
    }

    /**
     * A number with decimals.
     *
     * @param least smallest allowed
     * @param most largest allowed
     */
    record Decimal(int least, int most) implements FieldType {

        @Override
        public String sqlType() {
            return "double precision";
        }

        @Override
        public void write(String value, BinaryCopyWriter row) throws InvalidValueException, SQLException {
            double number = parse(value);
            // Not a number fails this as well.
            if (!(number >= least && number <= most)) {
                throw new InvalidValueException(
                        InvalidValueException.shorten(value) + " is outside [" + least + ", " + most + "]");
            }
            row.float8(number);
        }

        private double parse(String value) throws InvalidValueException {
            for (int i = 0; i < value.length(); i++) {
                // Java would also take spaces, type suffixes and hexadecimal.
                if ("0123456789.-+eE".indexOf(value.charAt(i)) < 0) {
                    throw invalid(value);
                }
            }
            try {
                return Double.parseDouble(value);
            } catch (NumberFormatException e) {
                throw invalid(value);
            }
        }

        private InvalidValueException invalid(String value) {
            return new InvalidValueException(
                    InvalidValueException.quote(value) + " is not a number in [" + least + ", " + most + "]");
        }
    }

    /**
     * One of some words.
     *
     * @param words those allowed
     */
    record Choice(List<String> words) implements FieldType {

        public Choice {
            words = List.copyOf(words);
        }

        @Override
        public String sqlType() {
            return "text";
        }

        @Override
        public void write(String value, BinaryCopyWriter row) throws InvalidValueException, SQLException {
            if (!words.contains(value)) {
                throw new InvalidValueException(
                        InvalidValueException.quote(value) + " is none of " + String.join(", ", words));
            }
            row.text(value);
        }
    }

    /** A moment in ISO 8601 with an offset; digits finer than a microsecond are cut off. */
    record Moment() implements FieldType {

        private static final Instant EARLIEST = Instant.parse("0001-01-01T00:00:00Z");
        private static final Instant LATEST = Instant.parse("9999-12-31T23:59:59.999999999Z");

        @Override
        public String sqlType() {
            return "timestamptz";
        }

        @Override
        public void write(String value, BinaryCopyWriter row) throws InvalidValueException, SQLException {
            Instant moment;
            try {
                moment = OffsetDateTime.parse(value).toInstant();
            } catch (DateTimeException e) {
                throw new InvalidValueException(InvalidValueException.quote(value)
                        + " is not a time in ISO 8601 with an offset, such as 2026-05-01T19:30:00Z");
            }
            if (moment.isBefore(EARLIEST) || moment.isAfter(LATEST)) {
                throw new InvalidValueException(value + " is outside the years 1 to 9999");
            }
            row.timestamptz(moment);
        }
    }
}
