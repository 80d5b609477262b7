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
 * @param expectedBytes users x bytes per user x kept full runs
 * @param peakBytes what a full run needs on top while it is computed, before the oldest is dropped, and while it is held,
 *     stopped or failed; of those, as many as {@code keepRuns} are kept until a newer full run is published
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
