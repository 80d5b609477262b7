package dev.luna.batch.scoring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.math.BigDecimal;
import java.math.MathContext;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Distances against the haversine formula in 60 digits. */
class SphereTest {

    /** What {@link Sphere} promises, in km. */
    private static final double PROMISED = 1e-11;

    private static final MathContext DIGITS = new MathContext(60);
    private static final BigDecimal PI =
            new BigDecimal("3.14159265358979323846264338327950288419716939937510582097494459");
    private static final BigDecimal TWO = BigDecimal.valueOf(2);

    @ParameterizedTest
    @CsvSource({
        "0, 0",
        "48.2, 16.4",
        "90, 0",
        "-90, 180",
        "0, 180",
        "0, -180",
        "1e-300, 1e-300",
        "-89.9999999, 179.9999999"
    })
    void aPlaceIsNoDistanceFromItself(double lat, double lng) {
        assertThat(distanceKm(lat, lng, lat, lng)).isEqualTo(0);
    }

    @ParameterizedTest
    @CsvSource({
        // Degrees along the equator: km * 180 / (pi * 6371).
        "8.993216059187304e-9, 1e-6", // 1 mm
        "8.993216059187304e-6, 1e-3", // 1 m
        "8.993216059187304e-3, 1",
        "90, 10007.543398010286", // pi / 2 * 6371
        "180, 20015.086796020572" // pi * 6371
    })
    void knownArcsOfTheEquatorAndAMeridian(double degrees, double km) {
        assertThat(distanceKm(0, 0, 0, degrees)).isCloseTo(km, within(PROMISED));
        assertThat(distanceKm(-degrees / 2, 7, degrees / 2, 7)).isCloseTo(km, within(PROMISED));
    }

    @Test
    void nearPlacesKeepTheirDigits() {
        // 1 mm is off by less than 1e-11 km = 10 nm; 2 - 2 dot would give 0 or 95 m.
        for (double degrees = 1e-9; degrees < 1; degrees *= 3) {
            assertThat(distanceKm(48.2, 16.4, 48.2 + degrees, 16.4 - degrees))
                    .isCloseTo(preciseKm(48.2, 16.4, 48.2 + degrees, 16.4 - degrees), within(PROMISED));
        }
    }

    @Test
    void randomPlacesAgreeWithHaversineInSixtyDigits() {
        long seed = 8;
        Random random = new Random(seed);
        for (int i = 0; i < 60; i++) {
            double lat = random.nextDouble() * 180 - 90;
            double lng = random.nextDouble() * 360 - 180;
            double[][] others = {
                {random.nextDouble() * 180 - 90, random.nextDouble() * 360 - 180},
                {clampedLat(lat + random.nextGaussian()), lng}, // around the limit of the series
                {-lat, lng > 0 ? lng - 180 : lng + 180}, // the antipode
                {clampedLat(-lat + random.nextGaussian() * 1e-6), lng > 0 ? lng - 180 : lng + 180},
                {lat, lng > 0 ? lng - 90 : lng + 90}
            };
            for (double[] other : others) {
                assertThat(distanceKm(lat, lng, other[0], other[1]))
                        .as("seed %d, (%s, %s) to (%s, %s)", seed, lat, lng, other[0], other[1])
                        .isCloseTo(preciseKm(lat, lng, other[0], other[1]), within(PROMISED))
                        .isEqualTo(distanceKm(other[0], other[1], lat, lng));
            }
        }
    }

    @Test
    void theAntimeridianIsNoBorder() {
        assertThat(distanceKm(10, 180, 10, -180)).isCloseTo(0, within(PROMISED));
        assertThat(distanceKm(0, 179.5, 0, -179.5)).isCloseTo(distanceKm(0, -0.5, 0, 0.5), within(PROMISED));
    }

    private static double clampedLat(double lat) {
        return Math.max(-90, Math.min(90, lat));
    }

    private static double distanceKm(double lat, double lng, double otherLat, double otherLng) {
        return Sphere.distanceKm(
                Sphere.x(lat, lng),
                Sphere.y(lat, lng),
                Sphere.z(lat),
                Sphere.x(otherLat, otherLng),
                Sphere.y(otherLat, otherLng),
                Sphere.z(otherLat));
    }

    private static double preciseKm(double lat, double lng, double otherLat, double otherLng) {
        BigDecimal from = radians(lat);
        BigDecimal to = radians(otherLat);
        BigDecimal northSine = sin(to.subtract(from).divide(TWO, DIGITS));
        BigDecimal eastSine = sin(radians(otherLng).subtract(radians(lng)).divide(TWO, DIGITS));
        BigDecimal half = northSine
                .multiply(northSine)
                .add(cos(from).multiply(cos(to)).multiply(eastSine).multiply(eastSine), DIGITS)
                .min(BigDecimal.ONE);
        // 2 asin(sqrt h) = 4 atan(sqrt h / (1 + sqrt(1 - h)))
        BigDecimal tangent = half.sqrt(DIGITS)
                .divide(BigDecimal.ONE.add(BigDecimal.ONE.subtract(half).sqrt(DIGITS)), DIGITS);
        return atan(tangent).multiply(BigDecimal.valueOf(4 * 6371), DIGITS).doubleValue();
    }

    private static BigDecimal radians(double degrees) {
        return new BigDecimal(degrees).multiply(PI).divide(BigDecimal.valueOf(180), DIGITS);
    }

    private static BigDecimal sin(BigDecimal x) {
        return sum(x, x.multiply(x).negate(), 1);
    }

    private static BigDecimal cos(BigDecimal x) {
        return sum(BigDecimal.ONE, x.multiply(x).negate(), 0);
    }

    /** first + first * factor / ((n + 1)(n + 2)) + ..., the series of sin and cos. */
    private static BigDecimal sum(BigDecimal first, BigDecimal factor, int n) {
        BigDecimal term = first;
        BigDecimal sum = first;
        for (int i = n + 1; i < 120; i += 2) {
            term = term.multiply(factor).divide(BigDecimal.valueOf((long) i * (i + 1)), DIGITS);
            sum = sum.add(term, DIGITS);
        }
        return sum;
    }

    private static BigDecimal atan(BigDecimal tangent) {
        // atan x = 2 atan(x / (1 + sqrt(1 + x^2))), four times: from at most 1 down to at most 0.05.
        BigDecimal x = tangent;
        for (int i = 0; i < 4; i++) {
            x = x.divide(BigDecimal.ONE.add(BigDecimal.ONE.add(x.multiply(x)).sqrt(DIGITS)), DIGITS);
        }
        BigDecimal power = x;
        BigDecimal sum = x;
        BigDecimal factor = x.multiply(x, DIGITS).negate();
        for (int i = 3; i < 60; i += 2) {
            power = power.multiply(factor, DIGITS);
            sum = sum.add(power.divide(BigDecimal.valueOf(i), DIGITS), DIGITS);
        }
        return sum.multiply(BigDecimal.valueOf(16));
    }
}
