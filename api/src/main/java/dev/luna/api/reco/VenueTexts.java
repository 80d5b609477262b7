package dev.luna.api.reco;

import dev.luna.batch.scoring.VenueCatalog;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.atomic.AtomicReferenceArray;
import org.jspecify.annotations.Nullable;

/**
 * The part of an answer's entry that is the same for everybody: the venue's id, name and category as JSON, made when the
 * venue is first served. Position = venueIndex. Thread-safe.
 */
final class VenueTexts {

    private final VenueCatalog venues;
    private final VenueDetails details;
    private final AtomicReferenceArray<byte @Nullable []> made;

    VenueTexts(VenueCatalog venues, VenueDetails details) {
        this.venues = venues;
        this.details = details;
        made = new AtomicReferenceArray<>(venues.size());
    }

    /** {@code "venue_id":"...","venue_name":"...","category":...}, UTF-8; shared, not to be changed. */
    byte[] of(int venue) {
        byte[] text = made.getAcquire(venue);
        if (text == null) {
            StringBuilder json = new StringBuilder(160)
                    .append("\"venue_id\":\"")
                    .append(venues.id(venue))
                    .append("\",\"venue_name\":");
            append(json, details.name(venue));
            json.append(",\"category\":");
            append(json, details.category(venue));
            text = json.toString().getBytes(StandardCharsets.UTF_8);
            made.setRelease(venue, text);
        }
        return text;
    }

    /** RFC 8259, 7: quotation mark, reverse solidus and control characters are escaped. */
    private static void append(StringBuilder json, @Nullable String text) {
        if (text == null) {
            json.append("null");
            return;
        }
        json.append('"');
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '"' || c == '\\') {
                json.append('\\').append(c);
            } else if (c < ' ') {
                json.append("\\u00").append(Character.forDigit(c >> 4, 16)).append(Character.forDigit(c & 15, 16));
            } else {
                json.append(c);
            }
        }
        json.append('"');
    }
}
