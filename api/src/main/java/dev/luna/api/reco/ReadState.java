package dev.luna.api.reco;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * What one statement saw of the published state.
 *
 * @param runId the run read; null before the first
 * @param isPublished whether that is the published run
 * @param snapshotAt that run's snapshot; before the first run, the moment of the statement
 * @param catalogVersion grows in every transaction that changes a venue
 * @param databaseSnapshot which transactions the statement saw, as text; null when a run is read
 */
record ReadState(
        @Nullable Long runId,
        boolean isPublished,
        Instant snapshotAt,
        long catalogVersion,
        @Nullable String databaseSnapshot) {

    /** Names the run for validators; its moment too, for a database made anew counts runs from 1 again. */
    String runTag() {
        return runId + "." + Long.toString(snapshotAt.toEpochMilli(), Character.MAX_RADIX);
    }
}
