package dev.luna.api.reco;

/**
 * Numbers as served: the rounding is far below the 1e-6 that is promised, and float storage does not show. Above 16, which
 * takes weights in percent or the like, a stored float4 is off by more: 6e-8 of the score.
 */
final class Served {

    private Served() {}

    /** Rounded to 1e-7. */
    static double score(double score) {
        return Math.rint(score * 1e7) / 1e7;
    }

    /** Rounded to the millimetre. */
    static double kilometres(double distanceKm) {
        return Math.rint(distanceKm * 1e6) / 1e6;
    }
}
