package dev.luna.batch.scoring;

import org.ejml.data.DMatrixRMaj;
import org.ejml.dense.row.CommonOps_DDRM;

/**
 * Bounds of the scores of a cell's users for its candidates, by one matrix product.
 *
 * <p>users x 3 times 3 x candidates gives all dot products of coordinates relative to the cell's centre; with them
 * {@code chord^2 = |u|^2 + |v|^2 - 2 u.v}. Relative coordinates are as small as the cell, so what cancels is small too.
 *
 * <p>Error, with e = 2^-53: differences to the centre are off by e relatively, which moves chord^2 by at most
 * 2e(|u| + |v|)^2; the two squares and the dot product of three terms each by 3e times theirs, in any order of summation
 * (Higham, Accuracy and Stability of Numerical Algorithms, 2nd ed., section 3.1); the last two sums by 2e(|u| + |v|)^2.
 * That is below 8e(|u| + |v|)^2; 16e is used. Let r be the cell's radius, |u| <= r. For |v| < 2r the chord is then off by
 * at most the root, 3r * 2^-24.5. For |v| >= 2r the chord is at least |v|/2, and off by at most
 * 16e (1.5 |v|)^2 / (|v|/2) <= 9 * 2^-48 as |v| <= 2.1. {@link SpatialBound#sensitivity} turns that into a factor.
 *
 * <p>Scratch of one thread.
 */
final class VenueTile {

    /** Doubles in one tile, so that it stays in the second-level cache. */
    private static final int TILE_CAPACITY = 1 << 15;

    private static final double SCORE_ROUNDING = CandidateSearch.SCORE_ROUNDING;

    private final VenueCatalog catalog;
    private final SpatialBound bound;
    private final ScoringProfile profile;

    private final DMatrixRMaj users = new DMatrixRMaj(1, 3);
    private final DMatrixRMaj venues = new DMatrixRMaj(3, 1);
    private final DMatrixRMaj dots = new DMatrixRMaj(1, 1);

    /** By column, side by side for speed: unit vector, popularity, and what the bounds need of them. */
    private double[] x = new double[256];

    private double[] y = new double[256];
    private double[] z = new double[256];
    private double[] popularity = new double[256];
    private double[] venueSquared = new double[256];
    private double[] popular = new double[256];
    private double[] lower = new double[256];
    private double[] upper = new double[256];
    private int count;

    private double cx;
    private double cy;
    private double cz;
    private double upperFactor;
    private double lowerFactor;

    VenueTile(VenueCatalog catalog, SpatialBound bound, ScoringProfile profile) {
        this.catalog = catalog;
        this.bound = bound;
        this.profile = profile;
    }

    /** Sets the cell and its candidates, the columns of the tile. */
    void columns(double centreX, double centreY, double centreZ, double radius, CandidateSearch candidates) {
        cx = centreX;
        cy = centreY;
        cz = centreZ;
        count = candidates.count();
        if (popular.length < count) {
            int capacity = SparseRows.grown(count);
            x = new double[capacity];
            y = new double[capacity];
            z = new double[capacity];
            popularity = new double[capacity];
            venueSquared = new double[capacity];
            popular = new double[capacity];
            lower = new double[capacity];
            upper = new double[capacity];
        }
        venues.reshape(3, count);
        double[] v = venues.data;
        for (int j = 0; j < count; j++) {
            int venue = candidates.venue(j);
            x[j] = catalog.x[venue];
            y[j] = catalog.y[venue];
            z[j] = catalog.z[venue];
            popularity[j] = catalog.popularity(venue);
            double dx = x[j] - cx;
            double dy = y[j] - cy;
            double dz = z[j] - cz;
            v[j] = dx;
            v[count + j] = dy;
            v[2 * count + j] = dz;
            venueSquared[j] = dx * dx + dy * dy + dz * dz;
            popular[j] = profile.popularityWeight() * popularity[j];
        }
        double sensitivity = bound.sensitivity(Math.max(9 * 0x1p-48, 3.1 * radius * 0x1p-24 * Math.sqrt(0.5)));
        upperFactor = profile.spatialWeight() * (1 + SpatialBound.ROUNDING) * (1 + sensitivity);
        lowerFactor = profile.spatialWeight() * Math.max(0, 1 - bound.slack() - sensitivity);
    }

    /** How many rows one product takes. */
    int rowsPerProduct() {
        return Math.max(1, TILE_CAPACITY / Math.max(1, count));
    }

    /** Multiplies the users at [from, to) with all candidates. */
    void multiply(HomeVectors homes, int from, int to) {
        users.reshape(to - from, 3);
        dots.reshape(to - from, count);
        for (int i = from, at = 0; i < to; i++) {
            users.data[at++] = homes.x[i] - cx;
            users.data[at++] = homes.y[i] - cy;
            users.data[at++] = homes.z[i] - cz;
        }
        CommonOps_DDRM.mult(users, venues, dots);
    }

    /** Computes the bounds of one row of the last product. */
    void boundRow(int row) {
        double[] u = users.data;
        double ux = u[3 * row];
        double uy = u[3 * row + 1];
        double uz = u[3 * row + 2];
        double userSquared = ux * ux + uy * uy + uz * uz;
        double[] dot = dots.data;
        int base = row * count;
        for (int j = 0; j < count; j++) {
            double chord = Math.sqrt(Math.max(0, userSquared + venueSquared[j] - 2 * dot[base + j]));
            double estimate = bound.estimate(chord);
            upper[j] = (popular[j] + upperFactor * estimate) * (1 + SCORE_ROUNDING) + SpatialBound.TINY;
            lower[j] = (popular[j] + (chord <= SpatialBound.NEAR_CHORD ? lowerFactor * estimate : 0))
                            * (1 - SCORE_ROUNDING)
                    - SpatialBound.TINY;
        }
    }

    /** Has a candidate scored canonically. */
    void offer(int column, int venue, VenueScorer scorer) {
        scorer.offer(venue, x[column], y[column], z[column], popularity[column], 0);
    }

    /** At most the score of each candidate for the user of the last {@link #boundRow}, less preference. */
    double[] lower() {
        return lower;
    }

    /** At least the score of each candidate for the user of the last {@link #boundRow}, less preference. */
    double[] upper() {
        return upper;
    }
}
