package dev.luna.batch.scoring;

/**
 * The one way in which Luna measures distance: great-circle kilometres on a sphere of radius {@value #RADIUS_KM} km,
 * which is haversine distance computed from unit vectors.
 *
 * <p>A place is the unit vector (cos lat cos lng, cos lat sin lng, sin lat). The squared chord of two places is the sum of
 * squared differences, and {@code km = 2R asin(chord / 2)}. Only additions, multiplications, {@link Math#sqrt} (exactly
 * rounded by IEEE 754) and {@link StrictMath} take part, in a fixed order, so all JDKs get the same bits.
 *
 * <p>Error: unit vectors carry about 6e-16 of rounding per component (radians, two functions, one product), which moves a
 * place by less than 5e-12 km. Differences of nearby places are exact (Sterbenz), so distances below a kilometre keep
 * that absolute error; nothing is lost as in {@code 2 - 2 dot}. Past 90 degrees the sum of the vectors replaces their
 * difference, because asin is ill-conditioned near 1. In all: below 1e-11 km anywhere. Symmetric in its two places.
 */
final class Sphere {

    /** Radius of the sphere in kilometres; the product's definition of distance, not a measurement. */
    static final double RADIUS_KM = 6371.0;

    private static final double RADIANS_PER_DEGREE = Math.PI / 180;

    /** Up to here, as half chord squared, asin is a series: half chords up to 1/64, arcs up to 199 km. */
    private static final double SERIES_LIMIT = 0x1p-12;

    private Sphere() {}

    static double x(double latDegrees, double lngDegrees) {
        return StrictMath.cos(latDegrees * RADIANS_PER_DEGREE) * StrictMath.cos(lngDegrees * RADIANS_PER_DEGREE);
    }

    static double y(double latDegrees, double lngDegrees) {
        return StrictMath.cos(latDegrees * RADIANS_PER_DEGREE) * StrictMath.sin(lngDegrees * RADIANS_PER_DEGREE);
    }

    static double z(double latDegrees) {
        return StrictMath.sin(latDegrees * RADIANS_PER_DEGREE);
    }

    /** Kilometres between two unit vectors. */
    static double distanceKm(double ax, double ay, double az, double bx, double by, double bz) {
        double chordSquared = squaredNorm(ax - bx, ay - by, az - bz);
        if (chordSquared <= 2) {
            return 2 * RADIUS_KM * asinOfRoot(chordSquared / 4);
        }
        // Past 90 degrees: with s = a + b, |s| / 2 = cos(angle / 2), so angle = pi - 2 asin(|s| / 2).
        double sumSquared = squaredNorm(ax + bx, ay + by, az + bz);
        return RADIUS_KM * (Math.PI - 2 * asinOfRoot(sumSquared / 4));
    }

    private static double squaredNorm(double dx, double dy, double dz) {
        return dx * dx + dy * dy + dz * dz;
    }

    /** asin(sqrt(s)) for s in [0, 1/2]. */
    private static double asinOfRoot(double s) {
        double root = Math.sqrt(s);
        if (s > SERIES_LIMIT) {
            return StrictMath.asin(root);
        }
        // asin(h) / h = 1 + h^2/6 + 3 h^4/40 + 15 h^6/336 + 105 h^8/3456 + ...; for h <= 1/64 the rest is below
        // 0.0224 h^10 / (1 - h^2) = 2e-20, far below rounding.
        return root * (1 + s * (1.0 / 6 + s * (3.0 / 40 + s * (15.0 / 336 + s * (105.0 / 3456)))));
    }
}
