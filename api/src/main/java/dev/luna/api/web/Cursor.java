package dev.luna.api.web;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Base64;
import java.util.Collection;
import java.util.UUID;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Where a page ends, as an opaque text: the sort key of its last row. Each list has a tag and each question a number, so
 * that a cursor of one list is refused by another: a place in the one is none in the other.
 */
public final class Cursor {

    /** The tag of the list and the question. */
    private static final int HEAD_BYTES = 1 + Long.BYTES;

    private final ByteBuffer bytes;

    private Cursor(ByteBuffer bytes) {
        this.bytes = bytes;
    }

    /**
     * What a list is asked for, in 64 bits, for its cursors: whose it is, its filters and its order. FNV-1a by characters
     * instead of bytes; the same on every server.
     *
     * @param asked texts, numbers, ids and enums, arrays and collections of such, each in its place; null for what is not asked
     */
    public static long question(@Nullable Object... asked) {
        return extended(0xcbf29ce484222325L, asked);
    }

    private static long extended(long hash, @Nullable Object asked) {
        if (asked instanceof Object[] values) {
            return extended(hash, Arrays.asList(values));
        }
        if (asked instanceof Collection<?> values) {
            long extended = mixed(hash, values.size());
            for (Object value : values) {
                extended = extended(extended, value);
            }
            return extended;
        }
        if (asked == null) {
            return mixed(hash, -1);
        }
        // Javas differ in how they write some doubles.
        String text =
                asked instanceof Double number ? Long.toString(Double.doubleToLongBits(number)) : asked.toString();
        long extended = mixed(hash, text.length());
        for (int i = 0; i < text.length(); i++) {
            extended = mixed(extended, text.charAt(i));
        }
        return extended;
    }

    private static long mixed(long hash, int value) {
        return (hash ^ value) * 0x100000001b3L;
    }

    /** The cursor after a row with this id. */
    public static String after(char list, long question, UUID id) {
        return of(list, question, 16, key -> putId(key, id));
    }

    /** The cursor after a row with this distance and id. */
    public static String after(char list, long question, double distance, UUID id) {
        return of(list, question, 24, key -> putId(key.putDouble(distance), id));
    }

    /** The cursor after a row with this number. */
    public static String after(char list, long question, long number) {
        return of(list, question, 8, key -> key.putLong(number));
    }

    /** The cursor after a row with this number and id. */
    public static String after(char list, long question, long number, UUID id) {
        return of(list, question, 24, key -> putId(key.putLong(number), id));
    }

    private static void putId(ByteBuffer key, UUID id) {
        key.putLong(id.getMostSignificantBits()).putLong(id.getLeastSignificantBits());
    }

    /** A cursor with {@code keyBytes} bytes of sort key, written by the given function. */
    public static String of(char list, long question, int keyBytes, Consumer<ByteBuffer> key) {
        ByteBuffer bytes =
                ByteBuffer.allocate(HEAD_BYTES + keyBytes).put((byte) list).putLong(question);
        key.accept(bytes);
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes.array());
    }

    /**
     * Reads a cursor of the given list that was asked the same, and carries {@code keyBytes} bytes of sort key.
     *
     * @throws ProblemException 400 when the text is not such a cursor
     */
    public static Cursor read(String text, char list, long question, int keyBytes) {
        try {
            ByteBuffer bytes = ByteBuffer.wrap(Base64.getUrlDecoder().decode(text));
            if (bytes.remaining() == HEAD_BYTES + keyBytes && bytes.get() == list) {
                if (bytes.getLong() != question) {
                    throw refused(
                            text,
                            "must come from a page of the same list with the same filters, given by this version of Luna");
                }
                return new Cursor(bytes);
            }
        } catch (IllegalArgumentException e) {
            // Not base64url: refused below, like every other text that is no cursor.
        }
        throw refused(text);
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

    /** 400: the text is not a cursor of this list. */
    public static ProblemException refused(String text) {
        return refused(
                text,
                "must come from the Link header of this list's previous page, unchanged, given by this version of Luna");
    }

    private static ProblemException refused(String text, String expected) {
        return ProblemException.invalidParameter(new InvalidField("cursor", expected, text));
    }
}
