package dev.luna.api.web;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Base64;
import java.util.UUID;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Where a page ends, as an opaque text: the sort key of its last row. Each list has a tag and each question a number, so
 * that a cursor of one list is refused by another: a place in the one is none in the other.
 */
public final class Cursor {

    private final ByteBuffer bytes;

    private Cursor(ByteBuffer bytes) {
        this.bytes = bytes;
    }

    /**
     * What a list is asked for, in short, for its cursors: whose it is, its filters and its order.
     *
     * @param asked values and arrays of them, whose texts are the same in every process
     */
    public static int question(@Nullable Object... asked) {
        return Arrays.deepToString(asked).hashCode();
    }

    /** The cursor after a row with this id. */
    public static String after(char list, int question, UUID id) {
        return of(list, Integer.BYTES + 16, key -> putId(key.putInt(question), id));
    }

    /** The cursor after a row with this distance and id. */
    public static String after(char list, int question, double distance, UUID id) {
        return of(list, Integer.BYTES + 24, key -> putId(key.putInt(question).putDouble(distance), id));
    }

    /** The cursor after a row with this number. */
    public static String after(char list, int question, long number) {
        return of(list, Integer.BYTES + 8, key -> key.putInt(question).putLong(number));
    }

    /** The cursor after a row with this number and id. */
    public static String after(char list, int question, long number, UUID id) {
        return of(list, Integer.BYTES + 24, key -> putId(key.putInt(question).putLong(number), id));
    }

    private static void putId(ByteBuffer key, UUID id) {
        key.putLong(id.getMostSignificantBits()).putLong(id.getLeastSignificantBits());
    }

    /** A cursor with {@code keyBytes} bytes of sort key, written by the given function. */
    public static String of(char list, int keyBytes, Consumer<ByteBuffer> key) {
        ByteBuffer bytes = ByteBuffer.allocate(keyBytes + 1).put((byte) list);
        key.accept(bytes);
        return encode(bytes);
    }

    /**
     * Reads a cursor of the given list that carries {@code keyBytes} bytes of sort key.
     *
     * @throws ProblemException 400 when the text is not such a cursor
     */
    public static Cursor read(String text, char list, int keyBytes) {
        try {
            ByteBuffer bytes = ByteBuffer.wrap(Base64.getUrlDecoder().decode(text));
            if (bytes.remaining() == keyBytes + 1 && bytes.get() == list) {
                return new Cursor(bytes);
            }
        } catch (IllegalArgumentException e) {
            // Not base64url: refused below, like every other text that is no cursor.
        }
        throw refused(text);
    }

    /**
     * Reads a cursor of the given list that was asked the same.
     *
     * @throws ProblemException 400 when the text is not such a cursor
     */
    public static Cursor read(String text, char list, int question, int keyBytes) {
        Cursor cursor = read(text, list, Integer.BYTES + keyBytes);
        if (cursor.nextInt() != question) {
            throw refused(text);
        }
        return cursor;
    }

    /** The next part of the key, an id. */
    public UUID nextId() {
        return new UUID(bytes.getLong(), bytes.getLong());
    }

    /** The next part of the key, a number. */
    public long nextNumber() {
        return bytes.getLong();
    }

    /** The next part of the key, a small number. */
    public int nextInt() {
        return bytes.getInt();
    }

    /** The next part of the key, a score. */
    public double nextScore() {
        return bytes.getDouble();
    }

    /** The next part of the key, a distance. */
    public double nextDistance() {
        double distance = bytes.getDouble();
        if (!(distance >= 0)) {
            throw refused(Double.toString(distance));
        }
        return distance;
    }

    private static String encode(ByteBuffer bytes) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes.array());
    }

    /** 400: the text is not a cursor of this list. */
    public static ProblemException refused(String text) {
        return refused(text, "must come from the Link header of this list's previous page, unchanged");
    }

    /** 400: a cursor, but not one that fits this call. */
    public static ProblemException refused(String text, String expected) {
        return ProblemException.invalidParameter(new InvalidField("cursor", expected, text));
    }
}
