package dev.luna.batch.scoring;

import java.util.Arrays;

/**
 * Scores venues of one user by the canonical functions and keeps the k best. Every score that leaves the venue kernel comes
 * from here. Scratch of one thread.
 */
final class VenueScorer {

    private final VenueCatalog catalog;
    private final ScoringProfile profile;
    private final TopK best = new TopK();
    private final VenueRanking ranking = new VenueRanking();

    private boolean hasHome;
    private double homeX;
    private double homeY;
    private double homeZ;

    /** Components by the slots of {@link #best}. */
    private double[] distanceKm = new double[0];

    private double[] spatial = new double[0];
    private double[] preference = new double[0];

    VenueScorer(VenueCatalog catalog, ScoringProfile profile) {
        this.catalog = catalog;
        this.profile = profile;
    }

    /** Begins a user with a home. */
    void begin(int k, double x, double y, double z) {
        begin(k);
        hasHome = true;
        homeX = x;
        homeY = y;
        homeZ = z;
    }

    /** Begins a user without a home. */
    void begin(int k) {
        hasHome = false;
        best.reset(k);
    }

    /** Scores a venue, keeps it if it is among the k best so far, and returns its score. */
    double offer(int venue, double preferenceHere) {
        return offer(
                venue, catalog.x[venue], catalog.y[venue], catalog.z[venue], catalog.popularity(venue), preferenceHere);
    }

    /** As {@link #offer(int, double)}, with the venue's unit vector and popularity at hand. */
    double offer(int venue, double x, double y, double z, double popularityHere, double preferenceHere) {
        double km = hasHome ? Sphere.distanceKm(homeX, homeY, homeZ, x, y, z) : Double.NaN;
        double nearness = Scores.spatial(profile, km);
        double score = Scores.venue(profile, nearness, preferenceHere, popularityHere);
        int slot = best.offer(score, venue);
        if (slot >= 0) {
            if (slot >= distanceKm.length) {
                int capacity = SparseRows.grown(slot);
                distanceKm = Arrays.copyOf(distanceKm, capacity);
                spatial = Arrays.copyOf(spatial, capacity);
                preference = Arrays.copyOf(preference, capacity);
            }
            distanceKm[slot] = km;
            spatial[slot] = nearness;
            preference[slot] = preferenceHere;
        }
        return score;
    }

    /** Ends the user; the view is valid until the next one ends. */
    VenueRanking finish() {
        int[] slots = best.sortedSlots();
        int n = best.size();
        ranking.clear(n);
        for (int i = 0; i < n; i++) {
            int slot = slots[i];
            int venue = best.index(slot);
            ranking.venue[i] = venue;
            ranking.score[i] = best.score(slot);
            ranking.distanceKm[i] = distanceKm[slot];
            ranking.spatial[i] = spatial[slot];
            ranking.preference[i] = preference[slot];
            ranking.popularity[i] = catalog.popularity(venue);
        }
        ranking.size = n;
        return ranking;
    }
}
