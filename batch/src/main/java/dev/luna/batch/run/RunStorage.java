package dev.luna.batch.run;

/**
 * What runs take on disk, and what they will take, known ahead.
 *
 * @param runs runs whose inputs and rankings are kept now
 * @param bytes what these take, indexes included
 * @param users users in the database now
 * @param venuesPerUser ranked venues stored per user (K)
 * @param keepRuns runs kept of each kind, as configured
 * @param bytesPerUser of one full run: measured at the newest kept one, or what K ranked venues alone take; see {@code measured}
 * @param measured whether {@code bytesPerUser} was measured; false when there is no full run yet
 * @param expectedBytes what complete runs take at most: users x bytes per user x kept full runs and as many refreshes, each
 *     as large as a full run, since it may come to rank everybody
 * @param peakBytes what a run needs on top at most while it is computed, before the oldest is dropped, and while it is held,
 *     stopped or failed; of those, as many as {@code keepRuns} are kept of each kind
 */
public record RunStorage(
        int runs,
        long bytes,
        long users,
        int venuesPerUser,
        int keepRuns,
        long bytesPerUser,
        boolean measured,
        long expectedBytes,
        long peakBytes) {}
