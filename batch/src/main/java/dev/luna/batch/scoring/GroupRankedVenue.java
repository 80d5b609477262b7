package dev.luna.batch.scoring;

import java.util.List;

/**
 * One venue of a group's ranking.
 *
 * @param venueIndex the venue
 * @param score the group's score, by its {@link GroupStrategy}
 * @param members the venue as each member scores it, in the order in which the members were given
 */
public record GroupRankedVenue(int venueIndex, double score, List<RankedVenue> members) {

    public GroupRankedVenue {
        members = List.copyOf(members);
    }
}
