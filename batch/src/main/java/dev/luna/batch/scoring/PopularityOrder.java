package dev.luna.batch.scoring;

import java.util.Arrays;

/**
 * All venues in the order that users rank them for whom nearness is 0 everywhere and who have no interactions. Sorted once
 * a catalog; immutable and thread-safe.
 */
final class PopularityOrder {

    private final int[] venue;

    PopularityOrder(VenueCatalog catalog, ScoringProfile profile) {
        int n = catalog.size();
        long[] keys = new long[n];
        for (int v = 0; v < n; v++) {
            keys[v] = ((long) (Integer.MAX_VALUE - catalog.likes(v)) << 32) | v;
        }
        Arrays.sort(keys);
        venue = new int[n];
        for (int i = 0; i < n; i++) {
            venue[i] = (int) keys[i];
        }
        // More likes never score less, but they may round to the same score (always so when the weight is 0); then the
        // index decides.
        for (int from = 0, to; from < n; from = to) {
            double score = Scores.venue(profile, 0, 0, catalog.popularity(venue[from]));
            for (to = from + 1; to < n; to++) {
                if (Scores.venue(profile, 0, 0, catalog.popularity(venue[to])) != score) {
                    break;
                }
            }
            Arrays.sort(venue, from, to);
        }
    }

    int size() {
        return venue.length;
    }

    /** The venueIndex of the i-th best. */
    int venue(int i) {
        return venue[i];
    }

    /** The venueIndex of the k-th best; -1 if there are fewer venues. */
    int kth(int k) {
        return k <= venue.length ? venue[k - 1] : -1;
    }
}
