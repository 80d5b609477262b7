package dev.luna.batch.scoring;

/**
 * Splits sets of points of space in two along their longest side, for k-d orders. Points compare by coordinate, then by
 * number, which is a total order, so the two halves are the same sets however the selection proceeds.
 */
final class KdSplit {

    private final double[] x;
    private final double[] y;
    private final double[] z;

    KdSplit(double[] x, double[] y, double[] z) {
        this.x = x;
        this.y = y;
        this.z = z;
    }

    /**
     * Reorders the points at [from, to) so that those before {@code middle} come first along the longest side of their box.
     * Expected time O(to - from).
     */
    void split(int[] order, int from, int middle, int to) {
        double[] axis = longestSide(order, from, to);
        int low = from;
        int high = to - 1;
        // Quickselect with Hoare's partition.
        while (low < high) {
            int pivot = medianOfThree(axis, order[low], order[(low + high) >>> 1], order[high]);
            int i = low - 1;
            int j = high + 1;
            while (true) {
                do {
                    i++;
                } while (before(axis, order[i], pivot));
                do {
                    j--;
                } while (before(axis, pivot, order[j]));
                if (i >= j) {
                    break;
                }
                int swapped = order[i];
                order[i] = order[j];
                order[j] = swapped;
            }
            if (middle <= j) {
                high = j;
            } else {
                low = j + 1;
            }
        }
    }

    private double[] longestSide(int[] order, int from, int to) {
        double xSide = side(x, order, from, to);
        double ySide = side(y, order, from, to);
        double zSide = side(z, order, from, to);
        if (xSide >= ySide && xSide >= zSide) {
            return x;
        }
        return ySide >= zSide ? y : z;
    }

    private static double side(double[] axis, int[] order, int from, int to) {
        double least = Double.POSITIVE_INFINITY;
        double most = Double.NEGATIVE_INFINITY;
        for (int i = from; i < to; i++) {
            double at = axis[order[i]];
            least = Math.min(least, at);
            most = Math.max(most, at);
        }
        return most - least;
    }

    private static int medianOfThree(double[] axis, int a, int b, int c) {
        if (before(axis, a, b)) {
            return before(axis, b, c) ? b : before(axis, a, c) ? c : a;
        }
        return before(axis, a, c) ? a : before(axis, b, c) ? c : b;
    }

    private static boolean before(double[] axis, int left, int right) {
        return axis[left] < axis[right] || (axis[left] == axis[right] && left < right);
    }
}
