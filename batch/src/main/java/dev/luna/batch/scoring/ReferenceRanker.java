package dev.luna.batch.scoring;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.PriorityQueue;
import java.util.function.IntPredicate;
import java.util.function.IntUnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * What a ranking is, in plain code: score everything, sort, cut. The kernels must agree with it bit for bit; the
 * gate and the tests compare them. Time O(venues log k) a user, of groups O(venues log venues); immutable and thread-safe.
 */
public final class ReferenceRanker {

    /** Score descending, then index, which is id text order, ascending. */
    private static final Comparator<RankedVenue> VENUE_ORDER =
            Comparator.comparingDouble(RankedVenue::score).reversed().thenComparingInt(RankedVenue::venueIndex);

    private static final Comparator<GroupRankedVenue> GROUP_ORDER = Comparator.comparingDouble(GroupRankedVenue::score)
            .reversed()
            .thenComparingInt(GroupRankedVenue::venueIndex);

    private static final Comparator<RankedCompanion> COMPANION_ORDER = Comparator.comparingDouble(
                    RankedCompanion::score)
            .reversed()
            .thenComparingInt(RankedCompanion::friendIndex);

    private final VenueCatalog catalog;
    private final ScoringProfile profile;

    /** Ranks these venues, and companions for them, by this profile. */
    public ReferenceRanker(VenueCatalog catalog, ScoringProfile profile) {
        this.catalog = catalog;
        this.profile = profile;
    }

    /**
     * The best k venues of one user, best first.
     *
     * @param homeLat latitude of the home in degrees, NaN without a home
     * @param homeLng longitude of the home in degrees, NaN without a home
     * @param own interactions with the catalog's venues
     * @param row the user's row in {@code own}
     * @param k largest length of the ranking, at least 1
     * @param qualifies which venues may be ranked; null for all
     */
    public List<RankedVenue> rankVenues(
            double homeLat, double homeLng, InteractionMatrix own, int row, int k, @Nullable IntPredicate qualifies) {
        if (k < 1) {
            throw new IllegalArgumentException("k is " + k + "; expected at least 1");
        }
        Home home = Home.of(homeLat, homeLng);
        // The last of them is the first to give way.
        PriorityQueue<RankedVenue> best = new PriorityQueue<>(VENUE_ORDER.reversed());
        for (int v = 0; v < catalog.size(); v++) {
            if (qualifies == null || qualifies.test(v)) {
                RankedVenue venue = scored(home, own, row, v);
                if (best.size() < k) {
                    best.add(venue);
                } else if (VENUE_ORDER.compare(venue, best.element()) < 0) {
                    best.remove();
                    best.add(venue);
                }
            }
        }
        return best.stream().sorted(VENUE_ORDER).toList();
    }

    /**
     * The best k venues of a group, best first. Row m of the homes and of {@code own} is member m.
     *
     * @param strategy how members' scores become the group's
     * @param k largest length of the ranking
     * @param qualifies which venues may be ranked; null for all
     */
    public List<GroupRankedVenue> rankGroup(
            double[] homeLat,
            double[] homeLng,
            InteractionMatrix own,
            GroupStrategy strategy,
            int k,
            @Nullable IntPredicate qualifies) {
        Home[] homes = new Home[own.rows()];
        for (int member = 0; member < homes.length; member++) {
            homes[member] = Home.of(homeLat[member], homeLng[member]);
        }
        List<GroupRankedVenue> scored = new ArrayList<>();
        for (int v = 0; v < catalog.size(); v++) {
            if (qualifies != null && !qualifies.test(v)) {
                continue;
            }
            List<RankedVenue> members = new ArrayList<>();
            for (int member = 0; member < own.rows(); member++) {
                members.add(scored(homes[member], own, member, v));
            }
            double[] ascending =
                    members.stream().mapToDouble(RankedVenue::score).sorted().toArray();
            scored.add(new GroupRankedVenue(v, strategy.score(ascending, ascending.length), members));
        }
        scored.sort(GROUP_ORDER);
        return List.copyOf(scored.subList(0, Math.min(k, scored.size())));
    }

    private RankedVenue scored(Home home, InteractionMatrix own, int row, int v) {
        double km = home.exists()
                ? Sphere.distanceKm(home.x, home.y, home.z, catalog.x[v], catalog.y[v], catalog.z[v])
                : Double.NaN;
        int entry = own.entry(row, v);
        double preference = entry < 0 ? 0 : Scores.preference(profile, own.likes(entry), own.seconds(entry));
        return Scores.ranked(profile, v, km, preference, catalog.popularity(v));
    }

    /**
     * The best k companions of one user, best first.
     *
     * @param graph edges; the user's row is {@code row}
     * @param interactions interactions of the friends
     * @param interactionRow row of {@code interactions} of a friend's userIndex, or negative if the friend has none
     * @param row the user's row in {@code graph}
     * @param venueIndex the venue they would go to, or -1 for companions in general
     * @param k largest length of the ranking
     */
    public List<RankedCompanion> rankCompanions(
            SocialGraph graph,
            InteractionMatrix interactions,
            IntUnaryOperator interactionRow,
            int row,
            int venueIndex,
            int k) {
        List<RankedCompanion> scored = new ArrayList<>();
        int wanted = venueIndex < 0 ? VenueCatalog.NO_CATEGORY : catalog.category(venueIndex);
        for (int edge = graph.offset(row); edge < graph.offset(row + 1); edge++) {
            int friend = graph.friend(edge);
            int friendRow = interactionRow.applyAsInt(friend);
            long likesHere = 0;
            long secondsHere = 0;
            long likesOfCategory = 0;
            long secondsOfCategory = 0;
            if (venueIndex >= 0 && friendRow >= 0) {
                for (int e = interactions.offset(friendRow); e < interactions.offset(friendRow + 1); e++) {
                    if (interactions.venue(e) == venueIndex) {
                        likesHere = interactions.likes(e);
                        secondsHere = interactions.seconds(e);
                    }
                    if (wanted != VenueCatalog.NO_CATEGORY && catalog.category(interactions.venue(e)) == wanted) {
                        likesOfCategory += interactions.likes(e);
                        secondsOfCategory += interactions.seconds(e);
                    }
                }
            }
            double base = graph.strength(edge);
            double direct = Scores.preference(profile, likesHere, secondsHere);
            double category = Scores.category(profile, likesOfCategory, secondsOfCategory);
            double score = Scores.companion(profile, base, direct, category);
            scored.add(new RankedCompanion(friend, score, base, direct, category));
        }
        scored.sort(COMPANION_ORDER);
        return List.copyOf(scored.subList(0, Math.min(k, scored.size())));
    }

    /** A home as a unit vector; NaN without one. */
    private record Home(double x, double y, double z) {

        static Home of(double lat, double lng) {
            return Double.isNaN(lat) || Double.isNaN(lng)
                    ? new Home(Double.NaN, Double.NaN, Double.NaN)
                    : new Home(Sphere.x(lat, lng), Sphere.y(lat, lng), Sphere.z(lat));
        }

        boolean exists() {
            return !Double.isNaN(x);
        }
    }
}
