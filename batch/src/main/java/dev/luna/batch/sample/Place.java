package dev.luna.batch.sample;

/**
 * A point of the city.
 *
 * @param lat degrees north
 * @param lng degrees east
 */
record Place(double lat, double lng) {

    private static final double CENTRE_LAT = 44.0652;
    private static final double CENTRE_LNG = 10.0214;
    private static final double KM_PER_DEGREE = 111.195;
    private static final double KM_PER_DEGREE_LNG = KM_PER_DEGREE * StrictMath.cos(StrictMath.toRadians(CENTRE_LAT));

    /** A point by its distance from the centre, to the metre or so that five decimals give. */
    static Place of(double northKm, double eastKm) {
        return new Place(round(CENTRE_LAT + northKm / KM_PER_DEGREE), round(CENTRE_LNG + eastKm / KM_PER_DEGREE_LNG));
    }

    /** Kilometres to another point; on the scale of a city the earth is flat. */
    double distanceKm(Place other) {
        double north = (lat - other.lat) * KM_PER_DEGREE;
        double east = (lng - other.lng) * KM_PER_DEGREE_LNG;
        return StrictMath.sqrt(north * north + east * east);
    }

    private static double round(double degrees) {
        return StrictMath.rint(degrees * 100_000) / 100_000;
    }
}
