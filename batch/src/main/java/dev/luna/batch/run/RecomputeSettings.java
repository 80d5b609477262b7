package dev.luna.batch.run;

import jakarta.validation.Valid;
import jakarta.validation.constraints.AssertTrue;
import jakarta.validation.constraints.DecimalMax;
import jakarta.validation.constraints.DecimalMin;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.validation.annotation.Validated;

/**
 * Settings {@code luna.recompute.*}. List lengths and portions are recorded with a run when it starts and hold for its
 * restarts; the others are those of the process that works on it.
 *
 * @param threads threads that score; 0 means one per core
 * @param venuesPerUser ranked venues stored per user; longer lists are answered live
 * @param companionsPerUser ranked companions stored per user, without a venue
 * @param companionVenues first ranked venues for which companions are stored too
 * @param companionsPerVenue ranked companions stored for each of those
 * @param blockUsers neighbouring users scored together; larger blocks share candidates among more users
 * @param chunkUsers users per transaction, rounded down to whole blocks; a kill loses at most this many users per thread
 * @param lease how long a run stays its process's without a sign of life, on the database's clock
 * @param keepRuns complete full runs kept for rollback, the published one included, and as many refreshes of them
 * @param gate what a run must pass before it is published
 */
@Validated
@ConfigurationProperties(value = "luna.recompute", ignoreUnknownFields = false)
public record RecomputeSettings(
        @DefaultValue("0") @Min(0) @Max(256) int threads,
        @DefaultValue("50") @Min(1) @Max(1000) int venuesPerUser,
        @DefaultValue("20") @Min(0) @Max(1000) int companionsPerUser,
        @DefaultValue("10") @Min(0) @Max(100) int companionVenues,
        @DefaultValue("10") @Min(0) @Max(100) int companionsPerVenue,
        @DefaultValue("512") @Min(1) @Max(16384) int blockUsers,
        @DefaultValue("8192") @Min(1) @Max(65536) int chunkUsers,
        @DefaultValue("15s") Duration lease,
        @DefaultValue("3") @Min(1) @Max(100) int keepRuns,
        @DefaultValue @Valid Gate gate) {

    /**
     * Settings {@code luna.recompute.gate.*}.
     *
     * @param sampleUsers users whose rankings are recomputed by brute force and compared; 0 switches the check off
     * @param usersCoveredMin lowest share of the users to rank that have ranked venues
     * @param rowsMin lowest share of the ranked venues due (users x list length) that are stored
     * @param edgesCoveredMin lowest share of the social edges that are behind ranked companions
     * @param sizeMin fewest ranked venues of a full run, as a multiple of the published one's, or its base's if that is a
     *     refresh
     * @param sizeMax most of them, likewise
     * @param overlapUsers users whose first 10 venues are compared, with the same run's; of a refresh, with its base's. 0
     *     switches the check off
     * @param overlapMin lowest mean share of the first 10 venues that both runs have
     * @param overlapMax highest such share; below 1 it also holds back a run that changed nothing
     */
    public record Gate(
            @DefaultValue("32") @Min(0) @Max(100_000) int sampleUsers,

            @DefaultValue("1") @DecimalMin("0") @DecimalMax("1")
            double usersCoveredMin,

            @DefaultValue("1") @DecimalMin("0") @DecimalMax("1")
            double rowsMin,

            @DefaultValue("1") @DecimalMin("0") @DecimalMax("1")
            double edgesCoveredMin,

            @DefaultValue("0") @DecimalMin("0") @DecimalMax("1000000")
            double sizeMin,

            @DefaultValue("1000000") @DecimalMin("0") @DecimalMax("1000000")
            double sizeMax,

            @DefaultValue("1000") @Min(0) @Max(1_000_000) int overlapUsers,

            @DefaultValue("0.5") @DecimalMin("0") @DecimalMax("1")
            double overlapMin,

            @DefaultValue("1") @DecimalMin("0") @DecimalMax("1")
            double overlapMax) {

        private static final double ANY_SIZE = 1_000_000;

        @AssertTrue(message = "overlap-min must not be above overlap-max")
        boolean isBand() {
            return overlapMin <= overlapMax;
        }

        @AssertTrue(message = "size-min must not be above size-max")
        boolean isSizeBand() {
            return sizeMin <= sizeMax;
        }

        boolean isSizeLimited() {
            return sizeMin > 0 || sizeMax < ANY_SIZE;
        }
    }

    @AssertTrue(message = "lease must be between 1s and 1h")
    boolean isLeaseSensible() {
        return lease.compareTo(Duration.ofSeconds(1)) >= 0 && lease.compareTo(Duration.ofHours(1)) <= 0;
    }

    /** Threads to score with: as set, or one per core. */
    public int workers() {
        return threads == 0 ? Runtime.getRuntime().availableProcessors() : threads;
    }

    /** The part that is recorded with a run. */
    RunSettings recorded() {
        return new RunSettings(
                venuesPerUser,
                companionsPerUser,
                companionVenues,
                companionsPerVenue,
                blockUsers,
                Math.max(blockUsers, chunkUsers / blockUsers * blockUsers));
    }
}
