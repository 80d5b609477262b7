package dev.luna.batch.run;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.List;
import java.util.UUID;

/**
 * How the ranked venues of one run differ from another's. Of a refresh run, the whole generation counts.
 *
 * @param runId the run that is looked at
 * @param againstId the run it is compared with
 * @param usersInBoth users that both rank
 * @param usersChanged of them, those whose ranked venues or their order differ
 * @param meanOverlapAt10 mean share of the first 10 venues that both lists have; 1 if nobody is in both
 * @param usersOnlyInRun users that only {@code runId} ranks
 * @param usersOnlyInAgainst users that only {@code againstId} ranks
 * @param venuesNew venues that only {@code runId} knows
 * @param venuesGone venues that only {@code againstId} knows
 * @param isOtherProfile whether scoring profiles or list lengths differ
 * @param movers users with the smallest overlap of the first 10 venues, then of their whole lists, then by id
 */
public record RunDiff(
        long runId,
        long againstId,
        long usersInBoth,
        long usersChanged,
        @JsonProperty("mean_overlap_at_10") double meanOverlapAt10,
        long usersOnlyInRun,
        long usersOnlyInAgainst,
        long venuesNew,
        long venuesGone,
        boolean isOtherProfile,
        List<Mover> movers) {

    public RunDiff {
        movers = List.copyOf(movers);
    }

    /**
     * A user whose venues or their order changed.
     *
     * @param userId who
     * @param overlapAt10 share of the first 10 venues that both lists have
     * @param entered venues that are among the first 10 now only, by rank
     * @param left venues that were among the first 10 before only, by rank
     * @param causes what differs between the two runs' inputs for this user; of venues, among the first 10 if these are others,
     *     or else in the whole lists
     */
    public record Mover(
            UUID userId,
            @JsonProperty("overlap_at_10") double overlapAt10,
            List<UUID> entered,
            List<UUID> left,
            List<Cause> causes) {}

    /**
     * One difference of inputs.
     *
     * @param kind what differs
     * @param detail by how much, in words
     */
    public record Cause(CauseKind kind, String detail) {}

    /** What can move a user's venues. */
    public enum CauseKind {
        /** The home is elsewhere, new or gone. */
        MOVED_HOME,
        /** The user liked or visited venues, or stayed longer. Likes are not told between runs that count other types as such. */
        NEW_INTERACTIONS,
        /** Likes or visits of the user were removed; likes as above. */
        REMOVED_INTERACTIONS,
        /** A venue of either list has another share of the most likes. */
        POPULARITY_SHIFT,
        /** A venue of the list is new. */
        NEW_VENUE,
        /** A venue of the former list is gone. */
        DELETED_VENUE,
        /** A venue of either list is elsewhere. */
        MOVED_VENUE,
        /** Weights, decay, caps or list lengths were set anew. */
        OTHER_PROFILE
    }
}
