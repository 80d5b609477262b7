package dev.luna.api.venues;

import dev.luna.api.web.InvalidField;
import dev.luna.api.web.ProblemException;
import java.util.regex.Pattern;

/** A point in decimal degrees. */
record GeoPoint(double lat, double lng) {

    private static final Pattern NUMBER = Pattern.compile("[+-]?\\d{1,3}(\\.\\d{0,20})?");

    /**
     * Reads {@code lat,lng}.
     *
     * @throws ProblemException 400 when the text is not a point on Earth
     */
    static GeoPoint parse(String text) {
        String[] parts = text.split(",", -1);
        if (parts.length == 2) {
            String lat = parts[0].trim();
            String lng = parts[1].trim();
            if (NUMBER.matcher(lat).matches() && NUMBER.matcher(lng).matches()) {
                GeoPoint point = new GeoPoint(Double.parseDouble(lat), Double.parseDouble(lng));
                if (Math.abs(point.lat) <= 90 && Math.abs(point.lng) <= 180) {
                    return point;
                }
            }
        }
        throw ProblemException.invalidParameter(new InvalidField(
                "near",
                "must be lat,lng in decimal degrees, from -90 to 90 and from -180 to 180, such as 52.52,13.405",
                text));
    }
}
