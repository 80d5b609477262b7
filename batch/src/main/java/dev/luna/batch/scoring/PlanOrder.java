package dev.luna.batch.scoring;

import java.util.Arrays;

/**
 * The order in which users are scored: neighbours in space are neighbours in position, and users without a home come last.
 *
 * <p>A k-d order over unit vectors. Every run of positions [i 2^j, (i + 1) 2^j) from 2^j = {@value #LEAF_USERS} upwards is
 * one node of the k-d tree, a compact piece of space; so blocks and partitions should start at multiples of a power of two.
 * Inside the smallest runs, and among users without a home, the userIndex decides; so it does between users at one place.
 * The order depends on the homes and on nothing else.
 */
public final class PlanOrder {

    private static final int LEAF_USERS = 8;

    private PlanOrder() {}

    /**
     * Orders users for scoring. Time O(n log n), memory 28 bytes a user for its duration.
     *
     * @param homeLat latitudes in degrees by userIndex, NaN without a home
     * @param homeLng longitudes in degrees by userIndex, NaN without a home
     * @return the userIndex at each position; each user once
     */
    public static int[] of(double[] homeLat, double[] homeLng) {
        int n = homeLat.length;
        if (homeLng.length != n) {
            throw new IllegalArgumentException(
                    homeLng.length + " longitudes for " + n + " latitudes; expected as many, one per user");
        }
        double[] x = new double[n];
        double[] y = new double[n];
        double[] z = new double[n];
        int[] order = new int[n];
        int withHome = 0;
        for (int user = 0; user < n; user++) {
            if (!Double.isNaN(homeLat[user])) {
                x[user] = Sphere.x(homeLat[user], homeLng[user]);
                y[user] = Sphere.y(homeLat[user], homeLng[user]);
                z[user] = Sphere.z(homeLat[user]);
                order[withHome++] = user;
            }
        }
        arrange(new KdSplit(x, y, z), order, 0, withHome);
        for (int user = 0, at = withHome; user < n; user++) {
            if (Double.isNaN(homeLat[user])) {
                order[at++] = user;
            }
        }
        return order;
    }

    private static void arrange(KdSplit splitter, int[] order, int from, int to) {
        if (to - from <= LEAF_USERS) {
            Arrays.sort(order, from, to);
            return;
        }
        // The largest power of two below the length: both halves then start at a multiple of it.
        int middle = from + Integer.highestOneBit(to - from - 1);
        splitter.split(order, from, middle, to);
        arrange(splitter, order, from, middle);
        arrange(splitter, order, middle, to);
    }
}
