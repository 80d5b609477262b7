package dev.luna.batch.run;

import org.jspecify.annotations.Nullable;

/**
 * How far scoring has come. Counts only committed chunks.
 *
 * @param usersDone users whose rankings are stored
 * @param usersTotal users to be ranked, of a refresh those ranked anew; null before there is a snapshot
 * @param partitionsDone finished partitions of the stored plan
 * @param partitionsTotal partitions of the stored plan; 0 before there is one
 * @param usersPerSecond mean rate of scoring so far; null before the first chunk
 * @param etaSeconds time left for scoring at that rate; null unless scoring is under way
 */
public record RunProgress(
        long usersDone,
        @Nullable Long usersTotal,
        int partitionsDone,
        int partitionsTotal,
        @Nullable Double usersPerSecond,
        @Nullable Double etaSeconds) {}
