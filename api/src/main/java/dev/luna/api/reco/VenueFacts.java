package dev.luna.api.reco;

import dev.luna.batch.scoring.InteractionMatrix;
import io.swagger.v3.oas.annotations.media.Schema;

/** What the components of a venue's score are made of. */
record VenueFacts(
        @Schema(example = "1", description = "the user's likes and interests there, which count towards preference")
        int likes,

        @Schema(
                example = "420",
                description = "the seconds the user spent there, which count towards preference; at most 2147483647")
        int dwellSeconds,

        @Schema(example = "38", description = "everybody's likes and interests there, as the run counted them")
        int venueLikes,

        @Schema(example = "89", description = "the most that any venue has; popularity is venue_likes over max_likes")
        int maxLikes) {

    /** @param own the user's interactions, one row */
    static VenueFacts of(int venue, VenueIndex index, InteractionMatrix own) {
        int entry = own.entry(0, venue);
        return new VenueFacts(
                entry < 0 ? 0 : own.likes(entry),
                entry < 0 ? 0 : own.seconds(entry),
                index.current().likes(venue),
                index.current().maxLikes());
    }
}
