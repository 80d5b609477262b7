package dev.luna.batch.snapshot;

/**
 * What scoring holds at a time.
 *
 * @param threads threads that score, at least 1
 * @param blockUsers neighbouring users whose inputs a thread gathers and scores together
 * @param chunkUsers users whose rankings a thread holds until they are written
 * @param venuesPerUser ranked venues of each
 * @param companionsPerUser ranked companions of each, without a venue
 * @param companionVenues venues of each that have ranked companions, too
 * @param companionsPerVenue ranked companions at each of those
 */
public record ScoringPortions(
        int threads,
        int blockUsers,
        int chunkUsers,
        int venuesPerUser,
        int companionsPerUser,
        int companionVenues,
        int companionsPerVenue) {}
