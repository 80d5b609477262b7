package dev.luna.batch.scoring;

/** Unit vectors of a block of users' homes, and balls around parts of it. Scratch of one thread. */
final class HomeVectors {

    /** A ball of the space around the sphere; the radius is a chord and rounded upwards. */
    static final class Ball {
        double x;
        double y;
        double z;
        double radius;
    }

    double[] x = new double[0];
    double[] y = new double[0];
    double[] z = new double[0];

    /** Sets the vectors of rows [fromRow, toRow); entry i belongs to row {@code fromRow + i}. */
    void set(double[] latDegrees, double[] lngDegrees, int fromRow, int toRow) {
        int n = toRow - fromRow;
        if (x.length < n) {
            x = new double[n];
            y = new double[n];
            z = new double[n];
        }
        for (int i = 0; i < n; i++) {
            double lat = latDegrees[fromRow + i];
            double lng = lngDegrees[fromRow + i];
            x[i] = Sphere.x(lat, lng);
            y[i] = Sphere.y(lat, lng);
            z[i] = Sphere.z(lat);
        }
    }

    /** Puts a ball around the entries at [from, to), at least one: the middle of their box, and the farthest of them. */
    void cover(int from, int to, Ball ball) {
        ball.x = middle(x, from, to);
        ball.y = middle(y, from, to);
        ball.z = middle(z, from, to);
        double farthest = 0;
        for (int i = from; i < to; i++) {
            double dx = x[i] - ball.x;
            double dy = y[i] - ball.y;
            double dz = z[i] - ball.z;
            farthest = Math.max(farthest, dx * dx + dy * dy + dz * dz);
        }
        // Three products, two sums, one root: below 4 units of 2^-53.
        ball.radius = Math.sqrt(farthest) * (1 + 0x1p-50);
    }

    private static double middle(double[] axis, int from, int to) {
        double least = axis[from];
        double most = axis[from];
        for (int i = from + 1; i < to; i++) {
            least = Math.min(least, axis[i]);
            most = Math.max(most, axis[i]);
        }
        // The bounds hold for any centre; a single point must be its own, though, so that its radius is 0.
        return least == most ? least : 0.5 * (least + most);
    }
}
