package dev.luna.api.reco;

import dev.luna.batch.scoring.RankedVenue;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;

/**
 * The ordinary answer as JSON, written straight from the ranking: the same as a list of {@link RecommendedVenue} without
 * facts and people. Used by one thread, once.
 */
final class VenueJson {

    /** What an entry takes, seldom exceeded. */
    private static final int ENTRY_BYTES = 320;

    /** What an entry takes beside its venue's text, at most. */
    private static final int NUMBERS_BYTES = 256;

    /** Outside of these a double's text has an exponent, or comes near one. */
    private static final double LEAST_PLAIN = 1e-3;

    private static final double MOST_PLAIN = 1e6;
    private static final long DECIMALS = 10_000_000;

    private static final byte[] RANK = ascii("{\"rank\":");
    private static final byte[] SCORE = ascii(",\"score\":");
    private static final byte[] DISTANCE = ascii(",\"distance_km\":");
    private static final byte[] SPATIAL = ascii(",\"spatial_score\":");
    private static final byte[] PREFERENCE = ascii(",\"preference_score\":");
    private static final byte[] POPULARITY = ascii(",\"popularity_score\":");
    private static final byte[] NULL = ascii("null");

    private byte[] bytes;
    private int length;

    private VenueJson(int capacity) {
        bytes = new byte[capacity];
    }

    /** The answer. */
    static VenueJson of(VenueRecommendations.Found found) {
        List<RankedVenue> entries = found.answer().items();
        VenueTexts texts = found.index().texts();
        VenueJson json = new VenueJson(2 + ENTRY_BYTES * entries.size());
        json.put('[');
        for (int i = 0; i < entries.size(); i++) {
            if (i > 0) {
                json.put(',');
            }
            RankedVenue entry = entries.get(i);
            json.entry(found.firstRank() + i, entry, texts.of(entry.venueIndex()));
        }
        json.put(']');
        return json;
    }

    /** How many bytes of UTF-8 it is. */
    int length() {
        return length;
    }

    void writeTo(OutputStream out) throws IOException {
        out.write(bytes, 0, length);
    }

    private void entry(int rank, RankedVenue entry, byte[] venue) {
        ensure(NUMBERS_BYTES + venue.length);
        put(RANK);
        whole(rank);
        put(',');
        put(venue);
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
