package dev.luna.batch.scoring;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;

/**
 * The members of a group: what they score a venue together, canonically, and bounds of it. Scratch of one search.
 *
 * <p>Bounds are made of members' bounds: {@link GroupStrategy} is monotone as computed, so a bound of each member's score
 * gives one of the group's without further rounding.
 */
final class GroupMembers {

    private final VenueCatalog catalog;
    private final ScoringProfile profile;
    private final VenueTree tree;
    private final SpatialBound bound;
    private final InteractionMatrix own;
    private final GroupStrategy strategy;

    private final int count;
    private final boolean[] hasHome;
    private final HomeVectors homes = new HomeVectors();

    /** Scores of the members, to be sorted; overwritten by every score and bound. */
    private final double[] score;

    GroupMembers(
            VenueRanker venues, double[] homeLat, double[] homeLng, InteractionMatrix own, GroupStrategy strategy) {
        catalog = venues.catalog();
        profile = venues.profile();
        tree = venues.tree();
        bound = new SpatialBound(profile.decayPerKm());
        this.own = own;
        this.strategy = strategy;
        count = own.rows();
        hasHome = new boolean[count];
        score = new double[count];
        for (int member = 0; member < count; member++) {
            hasHome[member] = VenueRanker.hasHome(homeLat[member], homeLng[member], member);
        }
        homes.set(homeLat, homeLng, 0, count);
    }

    /** The venues that some member has interactions with. */
    BitSet ownVenues() {
        BitSet venues = new BitSet(catalog.size());
        for (int e = own.offset(0); e < own.offset(count); e++) {
            venues.set(own.venue(e));
        }
        return venues;
    }

    /** The group's canonical score of a venue. */
    double score(int venue) {
        double popularity = catalog.popularity(venue);
        for (int member = 0; member < count; member++) {
            double nearness = Scores.spatial(profile, distanceKm(member, venue));
            score[member] = Scores.venue(profile, nearness, preference(member, venue), popularity);
        }
        return together();
    }

    /** At least the group's score of any venue of a node that no member has interactions with. */
    double mostOfOthers(int node) {
        // A venue v in the node's box is at least chordTo(box) away, and at most as popular as the node says.
        for (int member = 0; member < count; member++) {
            double chord = hasHome[member]
                    ? tree.chordTo(node, homes.x[member], homes.y[member], homes.z[member])
                    : Double.NaN;
            score[member] = most(member, chord, 0, tree.maxPopularity(node));
        }
        return together();
    }

    /** At least the group's score of a venue. */
    double most(int venue) {
        double popularity = catalog.popularity(venue);
        for (int member = 0; member < count; member++) {
            double chord =
                    hasHome[member] ? chord(member, catalog.x[venue], catalog.y[venue], catalog.z[venue]) : Double.NaN;
            score[member] = most(member, chord, preference(member, venue), popularity);
        }
        return together();
    }

    /** At most the group's score of a venue of this popularity, wherever it is and whoever prefers it. */
    double leastOfPopularity(double popularity) {
        double least =
                profile.popularityWeight() * popularity * (1 - CandidateSearch.SCORE_ROUNDING) - SpatialBound.TINY;
        Arrays.fill(score, least);
        return together();
    }

    /** A venue as each member scores it. */
    List<RankedVenue> views(int venue) {
        double popularity = catalog.popularity(venue);
        List<RankedVenue> views = new ArrayList<>(count);
        for (int member = 0; member < count; member++) {
            double km = distanceKm(member, venue);
            views.add(Scores.ranked(profile, venue, km, preference(member, venue), popularity));
        }
        return views;
    }

    /**
     * At least a member's score of a venue at this chord or farther. Rounding, upwards: the chord by
     * {@link CandidateSearch#CHORD_ROUNDING}, nearness by {@link SpatialBound#upper}, and the sum here and in
     * {@link Scores#venue}, three products and two sums of terms that are at least 0, by
     * {@link CandidateSearch#SCORE_ROUNDING}.
     */
    private double most(int member, double chord, double preference, double popularity) {
        double near = hasHome[member]
                ? profile.spatialWeight() * bound.upper(Math.max(0, chord - CandidateSearch.CHORD_ROUNDING))
                : 0;
        return (near + profile.preferenceWeight() * preference + profile.popularityWeight() * popularity)
                        * (1 + CandidateSearch.SCORE_ROUNDING)
                + SpatialBound.TINY;
    }

    private double together() {
        Arrays.sort(score);
        return strategy.score(score, count);
    }

    private double preference(int member, int venue) {
        int entry = own.entry(member, venue);
        return entry < 0 ? 0 : Scores.preference(profile, own.likes(entry), own.seconds(entry));
    }

    private double distanceKm(int member, int venue) {
        return hasHome[member]
                ? Sphere.distanceKm(
                        homes.x[member],
                        homes.y[member],
                        homes.z[member],
                        catalog.x[venue],
                        catalog.y[venue],
                        catalog.z[venue])
                : Double.NaN;
    }

    private double chord(int member, double x, double y, double z) {
        double dx = x - homes.x[member];
        double dy = y - homes.y[member];
        double dz = z - homes.z[member];
        return Math.sqrt(dx * dx + dy * dy + dz * dz);
    }
}
