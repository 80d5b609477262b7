package dev.luna.api.reco;

import dev.luna.batch.scoring.StoredCompanion;
import io.swagger.v3.oas.annotations.media.Schema;
import java.util.UUID;

/** One friend of a user's companion ranking, with what made the score. */
record RecommendedCompanion(
        @Schema(example = "1", description = "1 is best") int rank,
        UUID userId,
        @Schema(example = "Grace Hopper") String name,
        @Schema(example = "0.7312500") double score,

        @Schema(example = "0.8", description = "strength of the edge, 0 to 1")
        double baseStrength,

        @Schema(example = "0.5", description = "the friend's preference for the venue; 0 without one")
        double directPref,

        @Schema(example = "0.3", description = "the friend's taste for the venue's category; 0 without a venue")
        double categoryPref) {

    static RecommendedCompanion of(int rank, StoredCompanion entry, String name) {
        return new RecommendedCompanion(
                rank,
                entry.userId(),
                name,
                Served.score(entry.score()),
                Served.score(entry.base()),
                Served.score(entry.direct()),
                Served.score(entry.category()));
    }
}
