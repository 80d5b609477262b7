package dev.luna.api.reco;

import dev.luna.batch.scoring.RankedVenue;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * The ordinary answer as JSON, written straight from the ranking: the same as a list of {@link RecommendedVenue} without
 * facts and people. Used by one thread, once.
 */
final class VenueJson {

    /** What an entry takes without its name and category, generously. */
    private static final int ENTRY_BYTES = 400;

    /** Outside of these a double's text has an exponent, or comes near one. */
    private static final double LEAST_PLAIN = 1e-3;

    private static final double MOST_PLAIN = 1e6;
    private static final long DECIMALS = 10_000_000;

    private static final byte[] RANK = ascii("{\"rank\":");
    private static final byte[] VENUE_ID = ascii(",\"venue_id\":\"");
    private static final byte[] VENUE_NAME = ascii("\",\"venue_name\":");
    private static final byte[] CATEGORY = ascii(",\"category\":");
    private static final byte[] SCORE = ascii(",\"score\":");
    private static final byte[] DISTANCE = ascii(",\"distance_km\":");
    private static final byte[] SPATIAL = ascii(",\"spatial_score\":");
    private static final byte[] PREFERENCE = ascii(",\"preference_score\":");
    private static final byte[] POPULARITY = ascii(",\"popularity_score\":");
    private static final byte[] NULL = ascii("null");
    private static final byte[] HEX = ascii("0123456789abcdef");

    private byte[] bytes;
    private int length;

    private VenueJson(int capacity) {
        bytes = new byte[capacity];
    }

    /** The bytes of the answer, UTF-8. */
    static byte[] of(VenueRecommendations.Found found) {
        List<RankedVenue> entries = found.answer().items();
        VenueIndex index = found.index();
        VenueJson json = new VenueJson(2 + ENTRY_BYTES * entries.size());
        json.put('[');
        for (int i = 0; i < entries.size(); i++) {
            if (i > 0) {
                json.put(',');
            }
            json.entry(found.firstRank() + i, entries.get(i), index);
        }
        json.put(']');
        return Arrays.copyOf(json.bytes, json.length);
    }

    private void entry(int rank, RankedVenue entry, VenueIndex index) {
        int venue = entry.venueIndex();
        String name = index.details().name(venue);
        String category = index.details().category(venue);
        ensure(ENTRY_BYTES + 6 * (name.length() + (category == null ? 0 : category.length())));
        put(RANK);
        whole(rank);
        put(VENUE_ID);
        id(index.current().id(venue));
        put(VENUE_NAME);
        text(name);
        put(CATEGORY);
        text(category);
        put(SCORE);
        number(Served.score(entry.score()));
        put(DISTANCE);
        if (Double.isNaN(entry.distanceKm())) {
            put(NULL);
        } else {
            number(Served.kilometres(entry.distanceKm()));
        }
        put(SPATIAL);
        number(Served.score(entry.spatial()));
        put(PREFERENCE);
        number(Served.score(entry.preference()));
        put(POPULARITY);
        number(Served.score(entry.popularity()));
        put('}');
    }

    private void text(@Nullable String text) {
        if (text == null) {
            put(NULL);
            return;
        }
        put('"');
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c >= 0x80) {
                utf8(text.substring(i));
                break;
            }
            ascii(c);
        }
        put('"');
    }

    private void utf8(String rest) {
        for (byte b : rest.getBytes(StandardCharsets.UTF_8)) {
            if (b < 0) {
                put((char) (b & 0xff));
            } else {
                ascii((char) b);
            }
        }
    }

    /** RFC 8259, 7: quotation mark, reverse solidus and control characters are escaped. */
    private void ascii(char c) {
        if (c == '"' || c == '\\') {
            put('\\');
            put(c);
        } else if (c >= ' ') {
            put(c);
        } else {
            put('\\');
            put('u');
            put('0');
            put('0');
            put((char) HEX[c >> 4]);
            put((char) HEX[c & 15]);
        }
    }

    private void id(UUID id) {
        hex(id.getMostSignificantBits(), 60, 32);
        put('-');
        hex(id.getMostSignificantBits(), 28, 16);
        put('-');
        hex(id.getMostSignificantBits(), 12, 0);
        put('-');
        hex(id.getLeastSignificantBits(), 60, 48);
        put('-');
        hex(id.getLeastSignificantBits(), 44, 0);
    }

    private void hex(long bits, int highest, int lowest) {
        for (int shift = highest; shift >= lowest; shift -= 4) {
            bytes[length++] = HEX[(int) (bits >>> shift) & 15];
        }
    }

    /**
     * A served number. Those rounded to seven decimals at most are written from the whole number behind them, which is
     * several times faster than finding the shortest text of a double and gives it.
     */
    private void number(double value) {
        long scaled = Math.round(value * DECIMALS);
        boolean isPlain = value == 0 || (value >= LEAST_PLAIN && value <= MOST_PLAIN);
        if (!isPlain || (double) scaled / DECIMALS != value) {
            put(ascii(Double.toString(value)));
            return;
        }
        whole(scaled / DECIMALS);
        put('.');
        long fraction = scaled % DECIMALS;
        long unit = DECIMALS / 10;
        do {
            put((char) ('0' + fraction / unit));
            fraction %= unit;
            unit /= 10;
        } while (fraction > 0);
    }

    private void whole(long value) {
        if (value >= 10) {
            whole(value / 10);
        }
        put((char) ('0' + value % 10));
    }

    private void put(char c) {
        bytes[length++] = (byte) c;
    }

    private void put(byte[] more) {
        System.arraycopy(more, 0, bytes, length, more.length);
        length += more.length;
    }

    private void ensure(int more) {
        if (bytes.length - length < more + 2) {
            bytes = Arrays.copyOf(bytes, Math.max(2 * bytes.length, length + more + 2));
        }
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }
}
