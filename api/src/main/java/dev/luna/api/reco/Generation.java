package dev.luna.api.reco;

import dev.luna.batch.scoring.ScoringProfile;
import dev.luna.batch.scoring.VenueCatalog;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a run's rankings are written in: its venue dictionary with its likes, and its profile. Immutable.
 *
 * @param baseRunId the full run that answers for everyone this one did not rank again; null for a full run
 * @param venues venueIndex = {@code venue_no} of the run's packed rankings
 * @param codeByCategory category codes of {@code venues}
 */
record Generation(
        long runId,
        @Nullable Long baseRunId,
        ScoringProfile profile,
        VenueCatalog venues,
        Map<String, Integer> codeByCategory) {

    /** Whether the run knew a venue by this category, or by none when it is null. */
    boolean hasCategory(int venueNo, @Nullable String category) {
        Integer code = category == null ? Integer.valueOf(VenueCatalog.NO_CATEGORY) : codeByCategory.get(category);
        return code != null && code == venues.category(venueNo);
    }
}
