package dev.luna.api.reco;

import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A ranking and where it comes from.
 *
 * @param items best first
 * @param runId the run whose ranking, or whose popularity and profile, it is; null before the first run
 * @param snapshotAt that run's snapshot; before the first run, the moment of the read
 * @param isStored whether the run ranked it, rather than this request
 * @param validator equal for equal answers to the same question; null when what somebody just did decides it, or no run is
 *     read
 * @param nextCursor of the page that follows; null when this one surely is the last
 */
record Answer<T>(
        List<T> items,
        @Nullable Long runId,
        Instant snapshotAt,
        boolean isStored,
        @Nullable String validator,
        @Nullable String nextCursor) {

    /** One that is asked for anew each time: without validator or pages. */
    static <T> Answer<T> of(List<T> items, ReadState state, boolean isStored) {
        return new Answer<>(items, state.runId(), state.snapshotAt(), isStored, null, null);
    }

    /** The same about items in another form. */
    <U> Answer<U> with(List<U> others) {
        return new Answer<>(others, runId, snapshotAt, isStored, validator, nextCursor);
    }

    /** Without its items, for a client that has them. */
    static <T> Answer<T> unchanged(ReadState state, boolean isStored, String validator) {
        return new Answer<>(List.of(), state.runId(), state.snapshotAt(), isStored, validator, null);
    }
}
