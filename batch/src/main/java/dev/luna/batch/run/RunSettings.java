package dev.luna.batch.run;

import java.util.ArrayList;
import java.util.List;

/**
 * What one run computes and in which portions, recorded with it so that a restart does the same.
 *
 * @param venuesPerUser ranked venues stored per user (K)
 * @param companionsPerUser ranked companions stored per user, without a venue
 * @param companionVenues first ranked venues for which companions are stored too
 * @param companionsPerVenue ranked companions stored for each of those
 * @param blockUsers users that are scored together
 * @param chunkUsers users written in one transaction, a multiple of {@code blockUsers}
 * @param minPartitions partitions planned at least, if there are enough blocks
 */
public record RunSettings(
        int venuesPerUser,
        int companionsPerUser,
        int companionVenues,
        int companionsPerVenue,
        int blockUsers,
        int chunkUsers,
        int minPartitions) {

    /** Which list lengths differ from those of another run, by the names of their settings. */
    List<String> differences(RunSettings other) {
        List<String> different = new ArrayList<>();
        addIfDifferent(different, "venues-per-user", venuesPerUser, other.venuesPerUser);
        addIfDifferent(different, "companions-per-user", companionsPerUser, other.companionsPerUser);
        addIfDifferent(different, "companion-venues", companionVenues, other.companionVenues);
        addIfDifferent(different, "companions-per-venue", companionsPerVenue, other.companionsPerVenue);
        return different;
    }

    private static void addIfDifferent(List<String> different, String setting, int mine, int others) {
        if (mine != others) {
            different.add("luna.recompute.%s (%d, now %d)".formatted(setting, mine, others));
        }
    }

    /** Blocks written in one transaction. */
    public int chunkBlocks() {
        return Math.max(1, chunkUsers / blockUsers);
    }
}
