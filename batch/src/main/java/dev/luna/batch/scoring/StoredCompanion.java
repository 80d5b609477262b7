package dev.luna.batch.scoring;

import java.util.UUID;

/**
 * One friend of a stored companion ranking.
 *
 * @param userId the friend
 * @param score weighted sum of the components
 * @param base strength of the edge to the friend
 * @param direct the friend's preference for the venue, 0 without a venue
 * @param category the friend's taste for the venue's category, 0 without a venue or category
 */
public record StoredCompanion(UUID userId, double score, double base, double direct, double category) {}
