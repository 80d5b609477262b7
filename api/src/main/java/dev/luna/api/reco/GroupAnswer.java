package dev.luna.api.reco;

import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A group's ranking, scored for its request, and under what.
 *
 * @param venues best first
 * @param runId the published run whose popularity and profile were used; null before the first
 * @param snapshotAt that run's snapshot; before the first run, the moment of the read
 */
record GroupAnswer(
        List<RecommendedGroupVenue> venues, @Nullable Long runId, Instant snapshotAt) {}
