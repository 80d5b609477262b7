package dev.luna.batch.scoring;

/**
 * One friend of a companion ranking, with what made the score.
 *
 * @param friendIndex the friend's userIndex
 * @param score weighted sum of the components
 * @param base strength of the edge to the friend in [0, 1]
 * @param direct the friend's preference for the venue, 0 without a venue
 * @param category the friend's taste for the venue's category, 0 without a venue or category
 */
public record RankedCompanion(int friendIndex, double score, double base, double direct, double category) {}
