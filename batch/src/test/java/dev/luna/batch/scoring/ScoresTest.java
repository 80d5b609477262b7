package dev.luna.batch.scoring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;

/** Both formulas by hand, under the standard profile. */
class ScoresTest {

    private static final ScoringProfile STANDARD = ScoringProfile.standard();
    private static final double DIGITS = 1e-15;

    @Test
    void nearnessFallsByDecay() {
        assertThat(Scores.spatial(STANDARD, 0)).isEqualTo(1);
        // exp(-0.3 * 10) = exp(-3)
        assertThat(Scores.spatial(STANDARD, 10)).isCloseTo(0.049787068367863944, within(DIGITS));
        // exp(-0.3 * 20015) underflows
        assertThat(Scores.spatial(STANDARD, 20015)).isEqualTo(0);
    }

    @Test
    void withoutHomeNearnessIsZero() {
        assertThat(Scores.spatial(STANDARD, Double.NaN)).isEqualTo(0);
    }

    @Test
    void preferenceAddsLikesAndSecondsUpToItsCap() {
        assertThat(Scores.preference(STANDARD, 0, 0)).isEqualTo(0);
        // 0.5 * 1 + 60 / 300 = 0.5 + 0.2
        assertThat(Scores.preference(STANDARD, 1, 60)).isCloseTo(0.7, within(DIGITS));
        // 0.5 * 1 + 150 / 300 is exactly the cap
        assertThat(Scores.preference(STANDARD, 1, 150)).isEqualTo(1);
        assertThat(Scores.preference(STANDARD, 3, 0)).isEqualTo(1);
        assertThat(Scores.preference(STANDARD, 0, Integer.MAX_VALUE)).isEqualTo(1);
    }

    @Test
    void categoryAddsLikesAndSecondsUpToItsCap() {
        assertThat(Scores.category(STANDARD, 0, 0)).isEqualTo(0);
        // 0.3 * 2 + 120 / 600 = 0.6 + 0.2
        assertThat(Scores.category(STANDARD, 2, 120)).isCloseTo(0.8, within(DIGITS));
        // 0.3 * 4 = 1.2
        assertThat(Scores.category(STANDARD, 4, 0)).isEqualTo(1);
        assertThat(Scores.category(STANDARD, Long.MAX_VALUE / 2, Long.MAX_VALUE / 2))
                .isEqualTo(1);
    }

    @Test
    void venueScoreWeighsItsComponents() {
        // 0.4 * 0.5 + 0.4 * 0.7 + 0.2 * 0.25 = 0.2 + 0.28 + 0.05
        assertThat(Scores.venue(STANDARD, 0.5, 0.7, 0.25)).isCloseTo(0.53, within(DIGITS));
        assertThat(Scores.venue(STANDARD, 1, 1, 1)).isCloseTo(1, within(DIGITS));
        assertThat(Scores.venue(STANDARD, 0, 0, 0)).isEqualTo(0);
    }

    @Test
    void companionScoreWeighsItsComponents() {
        // 0.6 * 0.5 + 0.25 * 0.8 + 0.15 * 0.4 = 0.3 + 0.2 + 0.06
        assertThat(Scores.companion(STANDARD, 0.5, 0.8, 0.4)).isCloseTo(0.56, within(DIGITS));
        assertThat(Scores.companion(STANDARD, 1, 0, 0)).isEqualTo(0.6);
    }

    @Test
    void popularityIsRelativeToTheMostLikedVenue() {
        assertThat(catalog(2, 8, 0).popularity(0)).isEqualTo(0.25);
        assertThat(catalog(2, 8, 0).popularity(1)).isEqualTo(1);
        assertThat(catalog(2, 8, 0).popularity(2)).isEqualTo(0);
    }

    @Test
    void whereNobodyLikesAnythingPopularityIsZero() {
        assertThat(catalog(0, 0, 0).popularity(1)).isEqualTo(0);
    }

    private static VenueCatalog catalog(int... likes) {
        return VenueCatalog.of(
                UuidArray.of(new long[] {0, 1, 0, 2, 0, 3}), new double[3], new double[3], new int[3], likes);
    }
}
