package dev.luna.api.venues;

/**
 * Latitudes and longitudes that contain every point within a distance of a centre. Longitudes may be two ranges, when
 * the circle crosses the antimeridian, or all of them, when it contains a pole.
 *
 * <p>Source: J. P. Snyder, Map Projections, USGS 1395, 1987: the meridians tangent to a circle of angular radius r
 * around latitude p lie asin(sin r / cos p) away. The box is wider than that by far more than the rounding of this
 * arithmetic: by {@link #MARGIN_DEGREES} on each side, and in longitude by a millionth as well. So it never cuts off a
 * point that the distance lets in.
 */
record GeoBox(double south, double north, double west, double east, double secondWest, double secondEast) {

    /** About 0.1 mm. */
    private static final double MARGIN_DEGREES = 1e-9;

    private static final double EARTH_RADIUS_KM = 6371.0;

    static GeoBox around(GeoPoint centre, double radiusKm) {
        double radius = radiusKm / EARTH_RADIUS_KM;
        double radiusDegrees = Math.toDegrees(radius) + MARGIN_DEGREES;
        double south = centre.lat() - radiusDegrees;
        double north = centre.lat() + radiusDegrees;
        if (south <= -90 || north >= 90) {
            return oneRange(Math.max(south, -90), Math.min(north, 90), -180, 180);
        }
        double ratio = Math.sin(radius) / Math.cos(Math.toRadians(centre.lat()));
        if (ratio >= 1) {
            return oneRange(south, north, -180, 180);
        }
        // Near 1, asin makes some 1e-6 degrees of the last bits of the ratio; a millionth of its 90 degrees is far
        // more.
        double halfWidth = Math.toDegrees(Math.asin(ratio)) * (1 + 1e-6) + MARGIN_DEGREES;
        double west = centre.lng() - halfWidth;
        double east = centre.lng() + halfWidth;
        if (west < -180) {
            return new GeoBox(south, north, -180, east, west + 360, 180);
        }
        if (east > 180) {
            return new GeoBox(south, north, west, 180, -180, east - 360);
        }
        return oneRange(south, north, west, east);
    }

    private static GeoBox oneRange(double south, double north, double west, double east) {
        return new GeoBox(south, north, west, east, west, east);
    }
}
