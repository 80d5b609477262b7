package dev.luna.api.reco;

import dev.luna.batch.scoring.GroupRankedVenue;
import io.swagger.v3.oas.annotations.media.Schema;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** One venue of a group's ranking, with what each member thinks of it. */
record RecommendedGroupVenue(
        @Schema(example = "1", description = "1 is best") int rank,
        UUID venueId,
        @Schema(example = "Café Morgenrot") String venueName,
        @Schema(example = "cafe") @Nullable String category,

        @Schema(example = "0.6523457", description = "the group's, by the strategy")
        double score,

        @Schema(example = "0.4571429", description = "likes relative to the most liked venue, 0 to 1")
        double popularityScore,

        @Schema(description = "in the order of the question; of a plan, in the order of ids")
        List<GroupMember> members) {

    static RecommendedGroupVenue of(int rank, GroupRankedVenue venue, VenueIndex index, List<UUID> memberIds) {
        List<GroupMember> members = new ArrayList<>(memberIds.size());
        for (int i = 0; i < memberIds.size(); i++) {
            members.add(GroupMember.of(memberIds.get(i), venue.members().get(i)));
        }
        int at = venue.venueIndex();
        return new RecommendedGroupVenue(
                rank,
                index.current().id(at),
                index.details().name(at),
                index.details().category(at),
                Served.score(venue.score()),
                Served.score(index.current().popularity(at)),
                members);
    }
}
