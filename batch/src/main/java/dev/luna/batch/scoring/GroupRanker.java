package dev.luna.batch.scoring;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Ranks, for a group of people, the k venues of highest group score: exactly those of
 * {@link ReferenceRanker#rankGroup}, in its order and with its bits, without scoring every venue. The members' own top
 * lists would not do: a venue that is nobody's favourite may be the best for all.
 *
 * <p>Time: one bound a member for each node of the venue tree that is looked at, and one canonical score a member for each
 * venue that the bounds cannot exclude; at worst (all scores equal) members x venues of both. Immutable and thread-safe.
 */
public final class GroupRanker {

    /** Most members of a group. */
    public static final int MAX_MEMBERS = 50;

    private final VenueRanker venues;

    /** Shares the index of the given ranker; costs nothing. */
    public GroupRanker(VenueRanker venues) {
        this.venues = venues;
    }

    /**
     * The best k venues of a group, best first. A member without a home or without interactions counts as the formulas
     * say: with a nearness or a preference of 0.
     *
     * @param homeLat latitudes in degrees by member, in [-90, 90], NaN without a home
     * @param homeLng longitudes in degrees by member, in [-180, 180], NaN without a home
     * @param own the members' interactions; row = member
     * @param strategy how members' scores become the group's
     * @param k largest length of the ranking, at least 1; it is shorter only if fewer venues qualify
     * @param selection which venues may be ranked; null for all
     * @throws IllegalArgumentException naming what does not fit, with its row
     */
    public List<GroupRankedVenue> rank(
            double[] homeLat,
            double[] homeLng,
            InteractionMatrix own,
            GroupStrategy strategy,
            int k,
            @Nullable VenueSelection selection) {
        int members = own.rows();
        if (members < 1 || members > MAX_MEMBERS || homeLat.length != members || homeLng.length != members) {
            throw new IllegalArgumentException("a group of " + members + " interaction rows and " + homeLat.length
                    + " by " + homeLng.length + " coordinates; expected 1 to " + MAX_MEMBERS + ", of all the same");
        }
        venues.requireColumns(own, k, selection);
        GroupMembers group = new GroupMembers(venues, homeLat, homeLng, own, strategy);
        GroupSearch search = new GroupSearch(venues, group, k, selection);
        TopK best = search.find();
        int[] slots = best.sortedSlots();
        List<GroupRankedVenue> ranking = new ArrayList<>(best.size());
        for (int i = 0; i < best.size(); i++) {
            int venue = best.index(slots[i]);
            ranking.add(new GroupRankedVenue(venue, best.score(slots[i]), group.views(venue)));
        }
        return ranking;
    }
}
