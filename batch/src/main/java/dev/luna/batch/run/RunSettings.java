package dev.luna.batch.run;

/**
 * What one run computes and in which portions, recorded with it so that a restart does the same: with one more comes a
 * migration that gives it to the runs before.
 *
 * @param venuesPerUser ranked venues stored per user (K)
 * @param companionsPerUser ranked companions stored per user, without a venue
 * @param companionVenues first ranked venues for which companions are stored too
 * @param companionsPerVenue ranked companions stored for each of those
 * @param blockUsers users that are scored together
 * @param chunkUsers users written in one transaction, a multiple of {@code blockUsers}
 */
public record RunSettings(
        int venuesPerUser,
        int companionsPerUser,
        int companionVenues,
        int companionsPerVenue,
        int blockUsers,
        int chunkUsers) {

    /** These list lengths, computed in the portions of other settings. */
    RunSettings inPortionsOf(RunSettings other) {
        return new RunSettings(
                venuesPerUser,
                companionsPerUser,
                companionVenues,
                companionsPerVenue,
                other.blockUsers,
                other.chunkUsers);
    }

    /** Blocks written in one transaction. */
    public int chunkBlocks() {
        return Math.max(1, chunkUsers / blockUsers);
    }
}
