package dev.luna.batch.scoring;

/**
 * Cheap bounds of {@code exp(-decay * km)} from a chord of the unit sphere, for pruning. They hold for the rounded value
 * that {@link Scores#spatial} computes, not only for the real one.
 *
 * <p>{@link #estimate} is at least the spatial score of every place at that chord or farther, up to a factor of
 * {@code 1 + }{@value #ROUNDING}, and exceeds it by at most a factor that grows with the chord: {@code 1 + slack()} up to
 * {@link #NEAR_CHORD}. Three steps, each erring upwards:
 *
 * <ol>
 *   <li>the arc 2 asin(c / 2) = c + c^3/24 + 3 c^5/640 + 5 c^7/7168 + ... is cut after three terms; all terms are positive,
 *       so the arc is too short and the score too large, by at most decay * R * 7.1e-4 c^7 in the exponent for c up to
 *       {@link #NEAR_CHORD}. What is cut grows faster than c^7, and is 0.6583 at chord 2, the half circle, so it is
 *       at most 5.2e-3 c^7 for any c;
 *   <li>exp(-x) = 2^-q * table[i] * exp(-r) with r in [0, ln 2 / 128), and exp(-r) is replaced by 1 - r + r^2/2, which is
 *       larger by at most r^3/6 = 2.7e-8;
 *   <li>exponents beyond 2^-1020 are cut there.
 * </ol>
 *
 * <p>Rounding: the exponent carries a relative error of some 1e-15 here and in {@link Sphere} alike; up to 750, past which
 * both are zero to the caller's {@link #TINY}, that is below 3e-12 in all. Immutable and thread-safe.
 */
final class SpatialBound {

    /** Relative rounding of all steps together, generously: see above. */
    static final double ROUNDING = 1e-11;

    /** Up to this chord (about 319 km) the estimate is tight, and its slack taken for the same. */
    static final double NEAR_CHORD = 0.05;

    /** More than any weight (at most 1e9) times 2^-1020, the cut of the exponent. */
    static final double TINY = 1e-290;

    /** Of the second step, with what its product with the others adds, and of rounding. */
    private static final double OTHER_SLACK = 2.8e-8 + 2 * ROUNDING;

    private static final int STEPS_PER_HALVING = 128;
    private static final double STEPS_PER_UNIT = STEPS_PER_HALVING / 0.6931471805599453;
    private static final double UNITS_PER_STEP = 0.6931471805599453 / STEPS_PER_HALVING;
    private static final double LAST_STEP = 1020.0 * STEPS_PER_HALVING;
    private static final double[] TABLE = new double[STEPS_PER_HALVING];

    static {
        for (int i = 0; i < STEPS_PER_HALVING; i++) {
            TABLE[i] = StrictMath.exp(-i * UNITS_PER_STEP);
        }
    }

    /** Steps of the table per unit of chord. */
    private final double stepsPerChord;

    private final double slack;
    private final double decayTimesRadius;

    SpatialBound(double decayPerKm) {
        decayTimesRadius = decayPerKm * Sphere.RADIUS_KM;
        stepsPerChord = decayTimesRadius * STEPS_PER_UNIT;
        double arcShortfall = 7.2e-4 * StrictMath.pow(NEAR_CHORD, 7);
        slack = Math.min(1, OTHER_SLACK + StrictMath.expm1(decayTimesRadius * arcShortfall));
    }

    /** An upper estimate of the spatial score at a chord in [0, 2.1]; see the class. */
    double estimate(double chord) {
        double squared = chord * chord;
        double steps = Math.min(LAST_STEP, stepsPerChord * chord * (1 + squared * (1.0 / 24 + squared * (3.0 / 640))));
        int step = (int) steps;
        double rest = (steps - step) * UNITS_PER_STEP;
        double power = Double.longBitsToDouble((1023L - (step >> 7)) << 52);
        return power * TABLE[step & (STEPS_PER_HALVING - 1)] * (1 - rest * (1 - 0.5 * rest));
    }

    /** At least the spatial score of every place at this chord or farther. */
    double upper(double chord) {
        return estimate(chord) * (1 + ROUNDING);
    }

    /** At most the spatial score of every place at this chord or nearer, up to {@link #TINY} over the weight. */
    double lower(double chord) {
        return estimate(chord) * (1 - (chord <= NEAR_CHORD ? slack : farSlack(chord)));
    }

    private double farSlack(double chord) {
        double squared = chord * chord;
        // What the exponent lacks by the cut is x: the estimate is e^x times the score, and 1 - x is at most e^-x.
        return Math.min(1, OTHER_SLACK + decayTimesRadius * (5.2e-3 * squared * squared * squared * chord));
    }

    /** How far {@link #estimate} may exceed the score, as a factor less 1, for chords up to {@link #NEAR_CHORD}; at most 1. */
    double slack() {
        return slack;
    }

    /**
     * How far the estimate's exact value, before the second step of the class, changes at most when the chord changes by so
     * much, as a factor less 1: the arc grows at most 1.9 times as fast as the chord (the three terms' slope at chord 2 is
     * 1.875).
     */
    double sensitivity(double chordError) {
        return StrictMath.expm1(1.9 * decayTimesRadius * chordError);
    }

    /** Whether the spatial score is exactly 0 at this chord and farther: exp(-x) is 0 in doubles from 745.14 on. */
    boolean vanishesAt(double chord) {
        return decayTimesRadius * chord > 746;
    }
}
