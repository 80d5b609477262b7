package dev.luna.batch.database;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;
import java.util.Arrays;
import java.util.UUID;
import org.postgresql.PGConnection;
import org.postgresql.copy.CopyIn;

/**
 * Rows on their way into a table by {@code COPY .. FROM STDIN} in PostgreSQL's binary format, on the transaction of the
 * given connection.
 *
 * <p>A row is {@link #startRow()} followed by one call per column, in the order of the columns, each with the column's
 * exact type: the format carries no types, and a wrong width is an error of the server only in luckier cases. Rows are
 * buffered and sent in pieces of 256 KiB. {@link #finish()} completes the COPY; closing without it cancels the COPY,
 * whereupon the transaction can only be rolled back.
 *
 * <p>Not thread-safe. While a COPY is open, its connection can do nothing else. The calls throw {@link SQLException} as
 * soon as the server refuses something, at the latest from {@link #finish()}.
 */
public final class BinaryCopyWriter implements AutoCloseable {

    /** PostgreSQL counts microseconds from 2000-01-01T00:00:00Z. */
    private static final long EPOCH_SECONDS = 946_684_800L;

    private static final byte[] HEADER = {
        'P', 'G', 'C', 'O', 'P', 'Y', '\n', (byte) 0xff, '\r', '\n', 0, 0, 0, 0, 0, 0, 0, 0, 0
    };

    /** So much that sending stays rare: the JVM compiles the driver down to the socket only for what it does often. */
    static final int BUFFER_BYTES = 256 * 1024;

    private final CopyIn copy;
    private final int columns;
    private final ByteBuffer buffer;
    private int missing;
    private long rows;

    private BinaryCopyWriter(CopyIn copy, int columns, ByteBuffer buffer) {
        this.copy = copy;
        this.columns = columns;
        this.buffer = buffer.put(HEADER);
    }

    /**
     * Starts a COPY into the named columns of a table. Names are taken as they stand, so they must come from code.
     *
     * @throws IllegalStateException when the connection commits by itself: the rows would not belong to the caller's
     *     transaction
     */
    public static BinaryCopyWriter open(Connection connection, String table, String... columns) throws SQLException {
        if (connection.getAutoCommit()) {
            throw new IllegalStateException("COPY into " + table + " needs a transaction, but the connection is in "
                    + "auto-commit mode; call setAutoCommit(false), or use the transaction's own connection");
        }
        String sql = "copy " + table + " (" + String.join(", ", columns) + ") from stdin (format binary)";
        // First: if memory is short, it must be while there is no COPY yet that a rollback would wait for.
        ByteBuffer buffer = ByteBuffer.allocate(BUFFER_BYTES);
        CopyIn copy = connection.unwrap(PGConnection.class).getCopyAPI().copyIn(sql);
        return new BinaryCopyWriter(copy, columns.length, buffer);
    }

    /** Starts the next row. */
    public void startRow() throws SQLException {
        requireCompleteRow();
        missing = columns;
        rows++;
        reserve(2).putShort((short) columns);
    }

    /** smallint. */
    public void int2(int value) throws SQLException {
        if (value != (short) value) {
            throw new IllegalArgumentException(value + " is outside the range of smallint");
        }
        field(2).putShort((short) value);
    }

    /** integer. */
    public void int4(int value) throws SQLException {
        field(4).putInt(value);
    }

    /** bigint. */
    public void int8(long value) throws SQLException {
        field(8).putLong(value);
    }

    /** double precision. */
    public void float8(double value) throws SQLException {
        field(8).putDouble(value);
    }

    /** double precision, null for NaN. */
    public void float8OrNull(double value) throws SQLException {
        if (Double.isNaN(value)) {
            nullValue();
        } else {
            float8(value);
        }
    }

    /** uuid. */
    public void uuid(UUID value) throws SQLException {
        uuid(value.getMostSignificantBits(), value.getLeastSignificantBits());
    }

    /** uuid, by its halves. */
    public void uuid(long high, long low) throws SQLException {
        field(16).putLong(high).putLong(low);
    }

    /** timestamptz; PostgreSQL keeps microseconds, finer digits are cut off. */
    public void timestamptz(Instant value) throws SQLException {
        long seconds = Math.subtractExact(value.getEpochSecond(), EPOCH_SECONDS);
        field(8).putLong(Math.addExact(Math.multiplyExact(seconds, 1_000_000L), value.getNano() / 1_000));
    }

    /** text or varchar. */
    public void text(String value) throws SQLException {
        bytea(value.getBytes(StandardCharsets.UTF_8));
    }

    /** bytea. */
    public void bytea(byte[] value) throws SQLException {
        bytea(value, 0, value.length);
    }

    /** bytea, from a part of an array, which may be reused after the call. */
    public void bytea(byte[] source, int offset, int length) throws SQLException {
        countField();
        reserve(4).putInt(length);
        if (length <= BUFFER_BYTES) {
            reserve(length).put(source, offset, length);
        } else {
            flush();
            copy.writeToCopy(source, offset, length);
        }
    }

    /** null of any type. */
    public void nullValue() throws SQLException {
        countField();
        reserve(4).putInt(-1);
    }

    /**
     * Completes the COPY.
     *
     * @return the number of rows
     */
    public long finish() throws SQLException {
        requireCompleteRow();
        reserve(2).putShort((short) -1);
        flush();
        copy.endCopy();
        return rows;
    }

    /** Cancels the COPY unless it was finished. */
    @Override
    public void close() throws SQLException {
        if (copy.isActive()) {
            copy.cancelCopy();
        }
    }

    private ByteBuffer field(int bytes) throws SQLException {
        countField();
        return reserve(4 + bytes).putInt(bytes);
    }

    private void countField() {
        if (missing == 0) {
            throw new IllegalStateException("row " + rows + " has more than its " + columns + " fields");
        }
        missing--;
    }

    private void requireCompleteRow() {
        if (missing != 0) {
            throw new IllegalStateException(
                    "row " + rows + " has " + (columns - missing) + " fields, expected " + columns);
        }
    }

    private ByteBuffer reserve(int bytes) throws SQLException {
        if (buffer.remaining() < bytes) {
            flush();
        }
        return buffer;
    }

    /** Must stay above 35 bytecodes: below, the JVM compiles the driver down to the socket into each of its callers. */
    private void flush() throws SQLException {
        int bytes = buffer.position();
        if (bytes == 0) {
            return;
        }
        copy.writeToCopy(buffer.array(), 0, bytes);
        buffer.clear();
    }

    static byte[] header() {
        return Arrays.copyOf(HEADER, HEADER.length);
    }
}
