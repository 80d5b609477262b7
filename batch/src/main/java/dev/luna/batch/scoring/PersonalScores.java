package dev.luna.batch.scoring;

/**
 * What single venues are to one user: canonical scores, with the bits of {@link VenueRanker}, and distances. Immutable and
 * thread-safe.
 */
public final class PersonalScores {

    private final VenueCatalog catalog;
    private final ScoringProfile profile;
    private final boolean hasHome;
    private final double homeX;
    private final double homeY;
    private final double homeZ;

    /**
     * @param homeLat latitude in degrees, in [-90, 90], NaN without a home
     * @param homeLng longitude in degrees, in [-180, 180], NaN without a home
     * @throws IllegalArgumentException if the home is no place
     */
    public PersonalScores(VenueCatalog catalog, ScoringProfile profile, double homeLat, double homeLng) {
        this.catalog = catalog;
        this.profile = profile;
        hasHome = VenueRanker.hasHome(homeLat, homeLng, 0);
        homeX = hasHome ? Sphere.x(homeLat, homeLng) : Double.NaN;
        homeY = hasHome ? Sphere.y(homeLat, homeLng) : Double.NaN;
        homeZ = hasHome ? Sphere.z(homeLat) : Double.NaN;
    }

    /** A venue's score, from what the user did there. */
    public RankedVenue score(int venue, long likes, long seconds) {
        return scored(venue, Scores.preference(profile, likes, seconds));
    }

    /** The score a venue cannot exceed, whatever the user did there. */
    public double mostPossible(int venue) {
        return scored(venue, profile.preferenceCap()).score();
    }

    /** Kilometres from home, NaN without a home. */
    public double distanceKm(int venue) {
        return hasHome
                ? Sphere.distanceKm(homeX, homeY, homeZ, catalog.x[venue], catalog.y[venue], catalog.z[venue])
                : Double.NaN;
    }

    /** The venues at most so far from home; none without a home. */
    public Circle circle(double radiusKm) {
        return new Circle(radiusKm);
    }

    /**
     * Which venues are within a distance of home, exactly as {@link #distanceKm} says; the arc sine is taken only for those
     * near the edge. Immutable and thread-safe.
     */
    public final class Circle {

        private final double radiusKm;
        private final double surelyInside;
        private final double surelyOutside;

        private Circle(double radiusKm) {
            this.radiusKm = radiusKm;
            double chord = 2 * StrictMath.sin(Math.min(Math.PI, radiusKm / Sphere.RADIUS_KM) / 2);
            double squared = chord * chord;
            // A squared chord carries some 1e-15 of rounding relatively and a distance 1e-11 km, 2e-15 radians. An
            // arc grows at least as fast as its chord, so this margin keeps arcs at least 5e-15 radians and 5e-10 of
            // the chord apart.
            double margin = 1e-9 * squared + 1e-14 * chord + 1e-28;
            surelyInside = squared - margin;
            surelyOutside = squared + margin;
        }

        /** Whether the venue is at most the radius away. */
        public boolean contains(int venue) {
            double dx = catalog.x[venue] - homeX;
            double dy = catalog.y[venue] - homeY;
            double dz = catalog.z[venue] - homeZ;
            double squared = dx * dx + dy * dy + dz * dz;
            if (squared < surelyInside) {
                return true;
            }
            // Without a home everything is NaN, and no comparison holds.
            return !(squared > surelyOutside) && distanceKm(venue) <= radiusKm;
        }

        /** False only if {@link #contains} is false for each venue of the node. */
        boolean mayReach(VenueTree tree, int node) {
            // The node's square is at most that of each of its venues, and beyond surelyOutside none is contained.
            return hasHome && !(tree.squaredChordTo(node, homeX, homeY, homeZ) > surelyOutside);
        }
    }

    private RankedVenue scored(int venue, double preference) {
        return Scores.ranked(profile, venue, distanceKm(venue), preference, catalog.popularity(venue));
    }
}
