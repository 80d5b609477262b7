package dev.luna.batch.scoring;

/** The order in which users are scored: neighbours in space are neighbours in position; users without home come last. */
public final class PlanOrder {

    private PlanOrder() {}

    /**
     * Orders users for scoring.
     *
     * @param homeLat latitudes in degrees by userIndex, NaN without a home
     * @param homeLng longitudes in degrees by userIndex, NaN without a home
     * @return the userIndex at each position; each user once
     */
    public static int[] of(double[] homeLat, double[] homeLng) {
        int[] order = new int[homeLat.length];
        int at = 0;
        for (int i = 0; i < order.length; i++) {
            if (!Double.isNaN(homeLat[i])) {
                order[at++] = i;
            }
        }
        for (int i = 0; i < order.length; i++) {
            if (Double.isNaN(homeLat[i])) {
                order[at++] = i;
            }
        }
        return order;
    }
}
