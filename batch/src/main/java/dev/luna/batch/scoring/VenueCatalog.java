package dev.luna.batch.scoring;

import java.util.Arrays;
import java.util.UUID;

/**
 * All venues that may be ranked, as a structure of arrays; position = venueIndex.
 *
 * <p>Venues are numbered from 0 in the order of their id's text (unsigned byte order, which is also PostgreSQL's order of
 * {@code uuid} but not that of {@link UUID#compareTo}), so the smaller venueIndex is the smaller id and ties on score are
 * broken by it. Immutable and thread-safe. Memory: 64 bytes a venue.
 */
public final class VenueCatalog {

    /** Category code of a venue without a category. */
    public static final int NO_CATEGORY = -1;

    private final UuidArray ids;
    private final double[] latDegrees;
    private final double[] lngDegrees;
    private final int[] category;
    private final int[] likes;
    private final int maxLikes;
    private final int categoryCount;

    /** Unit vectors of the venues, from {@link Sphere}. */
    final double[] x;

    final double[] y;
    final double[] z;

    private VenueCatalog(
            UuidArray ids,
            double[] latDegrees,
            double[] lngDegrees,
            int[] category,
            int[] likes,
            int maxLikes,
            int categoryCount) {
        this.ids = ids;
        this.latDegrees = latDegrees;
        this.lngDegrees = lngDegrees;
        this.category = category;
        this.likes = likes;
        this.maxLikes = maxLikes;
        this.categoryCount = categoryCount;
        int n = ids.size();
        x = new double[n];
        y = new double[n];
        z = new double[n];
        for (int i = 0; i < n; i++) {
            x[i] = Sphere.x(latDegrees[i], lngDegrees[i]);
            y[i] = Sphere.y(latDegrees[i], lngDegrees[i]);
            z[i] = Sphere.z(latDegrees[i]);
        }
    }

    /**
     * A catalog whose popularity is relative to the most liked venue in it. The arrays become the catalog's own: they must
     * not be changed afterwards.
     *
     * @param ids strictly ascending
     * @param latDegrees latitudes in [-90, 90]
     * @param lngDegrees longitudes in [-180, 180]
     * @param category dense category codes from 0, or {@link #NO_CATEGORY}
     * @param likes interactions of a positive type, at least 0
     * @throws IllegalArgumentException if an array does not fit, naming the venue and the value
     */
    public static VenueCatalog of(
            UuidArray ids, double[] latDegrees, double[] lngDegrees, int[] category, int[] likes) {
        int maxLikes = 0;
        for (int count : likes) {
            maxLikes = Math.max(maxLikes, count);
        }
        return of(ids, latDegrees, lngDegrees, category, likes, maxLikes);
    }

    /**
     * A catalog under the popularity of an earlier moment, whose most liked venue need not be in it any more.
     *
     * @param maxLikes denominator of popularity, at least the largest of {@code likes}
     * @see #of(UuidArray, double[], double[], int[], int[])
     */
    public static VenueCatalog of(
            UuidArray ids, double[] latDegrees, double[] lngDegrees, int[] category, int[] likes, int maxLikes) {
        int n = ids.size();
        requireLength("latDegrees", latDegrees.length, n);
        requireLength("lngDegrees", lngDegrees.length, n);
        requireLength("category", category.length, n);
        requireLength("likes", likes.length, n);
        int categoryCount = 0;
        for (int i = 0; i < n; i++) {
            if (i > 0 && compareIds(ids.high(i - 1), ids.low(i - 1), ids.high(i), ids.low(i)) >= 0) {
                throw new IllegalArgumentException("venue " + i + " has id " + ids.id(i) + " after " + ids.id(i - 1)
                        + "; expected ids in ascending text order, each once");
            }
            requireWithin(i, "latitude", latDegrees[i], 90);
            requireWithin(i, "longitude", lngDegrees[i], 180);
            if (category[i] < NO_CATEGORY) {
                throw new IllegalArgumentException(
                        "venue " + i + " has category code " + category[i] + "; expected -1 (none) or more");
            }
            if (likes[i] < 0 || likes[i] > maxLikes) {
                throw new IllegalArgumentException(
                        "venue " + i + " has " + likes[i] + " likes; expected 0 to " + maxLikes);
            }
            categoryCount = Math.max(categoryCount, category[i] + 1);
        }
        return new VenueCatalog(ids, latDegrees, lngDegrees, category, likes, maxLikes, categoryCount);
    }

    /** Number of venues. */
    public int size() {
        return ids.size();
    }

    /** The id of a venueIndex. */
    public UUID id(int venueIndex) {
        return ids.id(venueIndex);
    }

    /** Ids by venueIndex. */
    public UuidArray ids() {
        return ids;
    }

    /** The venueIndex of an id, or -1 if the catalog does not have it. Binary search. */
    public int indexOf(UUID id) {
        int low = 0;
        int high = size() - 1;
        while (low <= high) {
            int middle = (low + high) >>> 1;
            int order = compareIds(
                    ids.high(middle), ids.low(middle), id.getMostSignificantBits(), id.getLeastSignificantBits());
            if (order == 0) {
                return middle;
            }
            if (order < 0) {
                low = middle + 1;
            } else {
                high = middle - 1;
            }
        }
        return -1;
    }

    /** Latitude in [-90, 90]. */
    public double latDegrees(int venueIndex) {
        return latDegrees[venueIndex];
    }

    /** Longitude in [-180, 180]. */
    public double lngDegrees(int venueIndex) {
        return lngDegrees[venueIndex];
    }

    /** Dense category code, or {@link #NO_CATEGORY}. */
    public int category(int venueIndex) {
        return category[venueIndex];
    }

    /** One above the largest category code. */
    public int categoryCount() {
        return categoryCount;
    }

    /** Interactions of a positive type with this venue. */
    public int likes(int venueIndex) {
        return likes[venueIndex];
    }

    /** Denominator of popularity. */
    public int maxLikes() {
        return maxLikes;
    }

    /** likes / maxLikes in [0, 1]; 0 if nobody likes anything. */
    public double popularity(int venueIndex) {
        return maxLikes == 0 ? 0 : (double) likes[venueIndex] / maxLikes;
    }

    /** Whether the other has the same venues at the same places with the same popularity; categories may differ. */
    public boolean hasPlacesOf(VenueCatalog other) {
        return maxLikes == other.maxLikes
                && ids.isSame(other.ids)
                && Arrays.equals(latDegrees, other.latDegrees)
                && Arrays.equals(lngDegrees, other.lngDegrees)
                && Arrays.equals(likes, other.likes);
    }

    /** Order of two ids as text: unsigned, upper half first. */
    public static int compareIds(long leftHigh, long leftLow, long rightHigh, long rightLow) {
        int order = Long.compareUnsigned(leftHigh, rightHigh);
        return order != 0 ? order : Long.compareUnsigned(leftLow, rightLow);
    }

    private static void requireLength(String array, int length, int expected) {
        if (length != expected) {
            throw new IllegalArgumentException(
                    array + " has " + length + " entries; expected " + expected + ", one per venue");
        }
    }

    private static void requireWithin(int venueIndex, String what, double degrees, double limit) {
        if (!(Math.abs(degrees) <= limit)) {
            throw new IllegalArgumentException("venue " + venueIndex + " has " + what + " " + degrees + "; expected ["
                    + -limit + ", " + limit + "]");
        }
    }
}
