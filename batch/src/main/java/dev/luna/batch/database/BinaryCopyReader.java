package dev.luna.batch.database;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Arrays;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.postgresql.PGConnection;
import org.postgresql.copy.CopyOut;

/**
 * The rows of a query, streamed by {@code COPY (..) TO STDOUT} in PostgreSQL's binary format. Several times faster than
 * a {@code ResultSet}, and in constant memory: fields are read in place, no object is made for a number.
 *
 * <p>{@link #next()} moves to the next row; then the fields are read once each, from left to right, by the method of
 * their exact type (the format carries no types, only widths, which are checked). {@link #isNull()} asks about the field
 * to be read next. Fields left unread at the end of a row are passed over.
 *
 * <p>Not thread-safe. While it is open, its connection can do nothing else. It sees what the connection's transaction
 * sees.
 */
public final class BinaryCopyReader implements AutoCloseable {

    private static final int FIXED_HEADER_BYTES = 19;

    private final CopyOut copy;
    private ByteBuffer received = ByteBuffer.allocate(0);
    private int unread;
    private boolean atEnd;

    private BinaryCopyReader(CopyOut copy) {
        this.copy = copy;
    }

    /**
     * Starts reading.
     *
     * @param query a select whose values are all literal: COPY takes no parameters
     */
    public static BinaryCopyReader open(Connection connection, String query) throws SQLException {
        String sql = "copy (" + query + ") to stdout (format binary)";
        BinaryCopyReader reader = new BinaryCopyReader(
                connection.unwrap(PGConnection.class).getCopyAPI().copyOut(sql));
        reader.readHeader();
        return reader;
    }

    /** Moves to the next row; false after the last. */
    public boolean next() throws SQLException {
        if (atEnd) {
            return false;
        }
        while (unread > 0) {
            skip();
        }
        require(2);
        unread = received.getShort();
        if (unread < 0) {
            unread = 0;
            close();
            return false;
        }
        return true;
    }

    /** Whether the field to be read next is null. */
    public boolean isNull() throws SQLException {
        requireField();
        require(4);
        return received.getInt(received.position()) < 0;
    }

    /** Passes over a field. */
    public void skip() throws SQLException {
        int length = variable();
        if (length > 0) {
            received.position(received.position() + length);
        }
    }

    /** boolean. */
    public boolean bool() throws SQLException {
        return fixed(1, "boolean").get() != 0;
    }

    /** integer. */
    public int int4() throws SQLException {
        return fixed(4, "integer").getInt();
    }

    /** bigint. */
    public long int8() throws SQLException {
        return fixed(8, "bigint").getLong();
    }

    /** double precision. */
    public double float8() throws SQLException {
        return fixed(8, "double precision").getDouble();
    }

    /** double precision, NaN for null. */
    public double float8OrNaN() throws SQLException {
        if (isNull()) {
            skip();
            return Double.NaN;
        }
        return float8();
    }

    /** integer, the given number for null. */
    public int int4Or(int absent) throws SQLException {
        if (isNull()) {
            skip();
            return absent;
        }
        return int4();
    }

    /** uuid. */
    public UUID uuid() throws SQLException {
        ByteBuffer field = fixed(16, "uuid");
        return new UUID(field.getLong(), field.getLong());
    }

    /** uuid, without making an object: its halves go to {@code target[0]} and {@code target[1]}. */
    public void uuid(long[] target) throws SQLException {
        uuid(target, 0);
    }

    /** As {@link #uuid(long[])} for one of many: its halves go to {@code halves[2 * index]} and the place behind it. */
    public void uuid(long[] halves, int index) throws SQLException {
        ByteBuffer field = fixed(16, "uuid");
        halves[2 * index] = field.getLong();
        halves[2 * index + 1] = field.getLong();
    }

    /** text or varchar. */
    public @Nullable String text() throws SQLException {
        int length = variable();
        if (length < 0) {
            return null;
        }
        String text = new String(received.array(), received.position(), length, StandardCharsets.UTF_8);
        received.position(received.position() + length);
        return text;
    }

    /** bytea. */
    public byte[] bytea() throws SQLException {
        byte[] bytes = byteaOrNull();
        if (bytes == null) {
            throw new SQLException(unasked("bytea"));
        }
        return bytes;
    }

    /** bytea, or null. */
    public byte @Nullable [] byteaOrNull() throws SQLException {
        int length = variable();
        if (length < 0) {
            return null;
        }
        byte[] bytes = new byte[length];
        received.get(bytes);
        return bytes;
    }

    /**
     * Frees the connection. Rows that are left are received and dropped: cancelling would race with the server sending
     * them, and would end the caller's transaction.
     */
    @Override
    public void close() throws SQLException {
        while (copy.isActive() && copy.readFromCopy() != null) {
            unread = 0;
        }
        atEnd = true;
    }

    private void readHeader() throws SQLException {
        require(FIXED_HEADER_BYTES);
        byte[] header = new byte[FIXED_HEADER_BYTES];
        received.get(header);
        byte[] expected = BinaryCopyWriter.header();
        // The signature, then flags (none) and the length of an extension (none).
        if (!Arrays.equals(header, expected)) {
            throw new SQLException(
                    "the server answered with a COPY header of another format: " + Arrays.toString(header));
        }
    }

    private ByteBuffer fixed(int bytes, String type) throws SQLException {
        requireField();
        require(4);
        int length = received.getInt();
        if (length != bytes) {
            throw new SQLException(
                    length < 0 ? unasked(type) : "the field has " + length + " bytes, which is no " + type);
        }
        unread--;
        require(bytes);
        return received;
    }

    private static String unasked(String type) {
        return "the field is null; ask isNull() before reading a " + type;
    }

    /** Takes the length of the next field, -1 for null, and makes sure that all of it is there. */
    private int variable() throws SQLException {
        requireField();
        require(4);
        int length = received.getInt();
        unread--;
        require(Math.max(0, length));
        return length;
    }

    private void requireField() {
        if (unread <= 0) {
            throw new IllegalStateException("the row has no further field");
        }
    }

    /** Makes the next {@code bytes} bytes available. The server sends a row a message, but does not promise it. */
    private void require(int bytes) throws SQLException {
        while (received.remaining() < bytes) {
            byte[] message = copy.readFromCopy();
            if (message == null) {
                throw new SQLException("the COPY ended in the middle of a row");
            }
            if (received.hasRemaining()) {
                ByteBuffer joined = ByteBuffer.allocate(received.remaining() + message.length);
                received = joined.put(received).put(message).flip();
            } else {
                received = ByteBuffer.wrap(message);
            }
        }
    }
}
