package dev.luna.batch.snapshot;

/**
 * The full run that a refresh run is relative to.
 *
 * @param runId the run
 * @param visible the transactions its snapshot saw, as {@code pg_snapshot}
 * @param checksum its checksum
 * @param users users of its snapshot
 * @param edges social edges of its snapshot
 * @param maxLikes denominator of its popularity
 */
public record RefreshBase(long runId, String visible, long checksum, long users, long edges, int maxLikes) {}
