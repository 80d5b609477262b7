package dev.luna.batch.scoring;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Bounds against the canonical nearness at the same chord, for decays from none to absurd. */
class SpatialBoundTest {

    @ParameterizedTest
    @ValueSource(doubles = {0, 1e-12, 1e-6, 1e-3, 0.3, 3, 60, 1e5, 1e9})
    void boundsEncloseTheScoreAtEveryChord(double decay) {
        SpatialBound bound = new SpatialBound(decay);
        ScoringProfile profile = profile(decay);
        // From the smallest chords to the sphere's diameter, by ratios; and evenly.
        for (double angle = 1e-18; angle < Math.PI; angle *= 1.003) {
            assertEnclosed(bound, profile, angle);
        }
        for (int i = 0; i <= 20_000; i++) {
            assertEnclosed(bound, profile, i * Math.PI / 20_000);
        }
    }

    @ParameterizedTest
    @ValueSource(doubles = {0.3, 3, 60, 1e5, 1e9})
    void boundsEncloseTheScoreWhereItUnderflows(double decay) {
        // exp(-x) is denormal for x from 708.4 to 745.1 and 0 past it.
        SpatialBound bound = new SpatialBound(decay);
        for (double exponent = 690; exponent < 760; exponent += 0.01) {
            assertEnclosed(bound, profile(decay), exponent / (decay * Sphere.RADIUS_KM));
        }
    }

    @ParameterizedTest
    @ValueSource(doubles = {0.3, 3, 60, 1e5, 1e9})
    void whatVanishesIsExactlyZeroAndVanishesFartherAway(double decay) {
        SpatialBound bound = new SpatialBound(decay);
        double chord = 746.1 / (decay * Sphere.RADIUS_KM);
        assertThat(bound.vanishesAt(chord)).isTrue();
        assertThat(Scores.spatial(profile(decay), kmAtChord(chord))).isEqualTo(0);
        assertThat(bound.vanishesAt(2)).isTrue();
        assertThat(bound.vanishesAt(700 / (decay * Sphere.RADIUS_KM))).isFalse();
    }

    private static void assertEnclosed(SpatialBound bound, ScoringProfile profile, double angle) {
        // (1, 0, 0) and a place on the equator; for small angles the difference of the vectors is the chord itself.
        double x = angle < 1e-4 ? 0 : 1 - StrictMath.cos(angle);
        double y = angle < 1e-4 ? angle : StrictMath.sin(angle);
        double chord = Math.sqrt(x * x + y * y);
        double km = angle < 1e-4
                ? kmAtChord(chord)
                : Sphere.distanceKm(1, 0, 0, StrictMath.cos(angle), StrictMath.sin(angle), 0);
        double score = Scores.spatial(profile, km);
        if (!(bound.upper(chord) + SpatialBound.TINY >= score && score >= bound.lower(chord) - SpatialBound.TINY)) {
            throw new AssertionError("decay " + profile.decayPerKm() + ", chord " + chord + ": " + bound.lower(chord)
                    + " <= " + score + " <= " + bound.upper(chord) + " does not hold");
        }
    }

    private static double kmAtChord(double chord) {
        return Sphere.distanceKm(0, 0, 0, chord, 0, 0);
    }

    private static ScoringProfile profile(double decay) {
        ScoringProfile standard = ScoringProfile.standard();
        return new ScoringProfile(
                standard.spatialWeight(),
                standard.preferenceWeight(),
                standard.popularityWeight(),
                decay,
                standard.preferencePerLike(),
                standard.preferenceDwellSeconds(),
                standard.preferenceCap(),
                standard.baseWeight(),
                standard.directWeight(),
                standard.categoryWeight(),
                standard.categoryPerLike(),
                standard.categoryDwellSeconds(),
                standard.categoryCap(),
                standard.positiveTypes());
    }
}
