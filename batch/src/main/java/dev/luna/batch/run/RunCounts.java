package dev.luna.batch.run;

import org.jspecify.annotations.Nullable;

/**
 * What a run's snapshot holds. All are null until there is one.
 *
 * @param users users
 * @param venues venues
 * @param interactions interactions, before they are summed per user and venue; null for a refresh, which does not read them
 *     all
 * @param edges social edges
 * @param maxLikes the largest number of likes of one venue, the denominator of popularity
 */
public record RunCounts(
        @Nullable Long users,
        @Nullable Long venues,
        @Nullable Long interactions,
        @Nullable Long edges,
        @Nullable Long maxLikes) {}
