package dev.luna.api.reco;

import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A ranking and where it comes from.
 *
 * @param items best first
 * @param runId the published run whose ranking, or whose popularity and profile, it is; null before the first run
 * @param snapshotAt that run's snapshot; before the first run, the moment of the read
 * @param validator equal for equal answers to the same question; null when the answer was computed live
 */
record Answer<T>(
        List<T> items,
        @Nullable Long runId,
        Instant snapshotAt,
        @Nullable String validator) {

    boolean isStored() {
        return validator != null;
    }
}
