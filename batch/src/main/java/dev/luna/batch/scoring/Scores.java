package dev.luna.batch.scoring;

/**
 * The scores of a {@link ScoringProfile} as scalar functions: the one definition that kernels, live answers, gate and
 * tests share. Sums are evaluated from left to right, so every caller gets the same bits on every JDK.
 */
final class Scores {

    private Scores() {}

    /** Nearness of a distance; 0 for NaN, which stands for no home. */
    static double spatial(ScoringProfile profile, double distanceKm) {
        return Double.isNaN(distanceKm) ? 0 : StrictMath.exp(-profile.decayPerKm() * distanceKm);
    }

    /** Preference for one venue, of the user or of a friend. Likes and seconds are at least 0. */
    static double preference(ScoringProfile profile, long likes, long seconds) {
        return Math.min(
                profile.preferenceCap(),
                profile.preferencePerLike() * likes + seconds / profile.preferenceDwellSeconds());
    }

    /** A friend's taste for a category, from sums over its venues. */
    static double category(ScoringProfile profile, long likes, long seconds) {
        return Math.min(
                profile.categoryCap(), profile.categoryPerLike() * likes + seconds / profile.categoryDwellSeconds());
    }

    static double venue(ScoringProfile profile, double spatial, double preference, double popularity) {
        return profile.spatialWeight() * spatial
                + profile.preferenceWeight() * preference
                + profile.popularityWeight() * popularity;
    }

    /** A venue with its score and components, for somebody so far away who prefers it so much. */
    static RankedVenue ranked(
            ScoringProfile profile, int venue, double distanceKm, double preference, double popularity) {
        double spatial = spatial(profile, distanceKm);
        double score = venue(profile, spatial, preference, popularity);
        return new RankedVenue(venue, score, distanceKm, spatial, preference, popularity);
    }

    static double companion(ScoringProfile profile, double base, double direct, double category) {
        return profile.baseWeight() * base + profile.directWeight() * direct + profile.categoryWeight() * category;
    }
}
