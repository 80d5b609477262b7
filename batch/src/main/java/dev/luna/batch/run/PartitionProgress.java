package dev.luna.batch.run;

/**
 * How far one partition of a run's stored plan is. Counts only committed chunks.
 *
 * @param partition its number, from 0
 * @param usersDone users whose rankings are stored
 * @param usersTotal users it holds
 */
public record PartitionProgress(int partition, int usersDone, int usersTotal) {}
