package dev.luna.api.reco;

import dev.luna.batch.scoring.CompanionRankingCodec;
import dev.luna.batch.scoring.ScoringProfile;
import dev.luna.batch.scoring.VenueCatalog;
import dev.luna.batch.scoring.VenueRanker;
import dev.luna.batch.scoring.VenueRankingCodec;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * The venues as they are now, in memory, and how a run's numbers translate to them. Immutable but for the ranker, which
 * is built when first needed; thread-safe. Memory: about 200 bytes a venue.
 */
final class VenueIndex {

    private static final int GONE = -1;

    private final @Nullable Generation generation;
    private final VenueCatalog current;
    private final ScoringProfile profile;
    private final String[] names;
    private final @Nullable String[] categories;
    private final int[] currentByRun;
    private final int goneCount;
    private final @Nullable VenueRankingCodec venueCodec;
    private final @Nullable CompanionRankingCodec companionCodec;
    private volatile @Nullable VenueRanker ranker;

    /**
     * @param generation the published run; null before the first
     * @param current the venues that exist, under the run's popularity (a venue newer than the run has no likes there),
     *     or under the likes of the moment before the first run
     * @param profile the run's profile, or the configured one before the first run
     * @param names by venueIndex of {@code current}
     * @param categories by venueIndex of {@code current}
     */
    VenueIndex(
            @Nullable Generation generation,
            VenueCatalog current,
            ScoringProfile profile,
            String[] names,
            @Nullable String[] categories) {
        this.generation = generation;
        this.current = current;
        this.profile = profile;
        this.names = names;
        this.categories = categories;
        VenueCatalog ofRun = generation == null ? null : generation.venues();
        currentByRun = new int[ofRun == null ? 0 : ofRun.size()];
        int gone = 0;
        for (int v = 0; ofRun != null && v < currentByRun.length; v++) {
            currentByRun[v] = current.indexOf(ofRun.id(v));
            gone += currentByRun[v] == GONE ? 1 : 0;
        }
        goneCount = gone;
        venueCodec = generation == null ? null : new VenueRankingCodec(generation.venues(), generation.profile());
        companionCodec =
                generation == null ? null : new CompanionRankingCodec(generation.venues(), generation.profile());
    }

    VenueCatalog current() {
        return current;
    }

    ScoringProfile profile() {
        return profile;
    }

    String name(int currentIndex) {
        return names[currentIndex];
    }

    @Nullable
    String category(int currentIndex) {
        return categories[currentIndex];
    }

    /** Where a venue of the run stands now; negative when it was deleted. */
    int currentIndex(int runVenueNo) {
        return currentByRun[runVenueNo];
    }

    /** The run's number of a venue; negative when the venue is newer than the run. */
    int runVenueNo(UUID venueId) {
        return generation == null ? GONE : generation.venues().indexOf(venueId);
    }

    /** How many venues of the run were deleted since. */
    int goneCount() {
        return goneCount;
    }

    /** How many venues the run ranked. */
    int runVenueCount() {
        return currentByRun.length;
    }

    /** Reads the run's venue rankings. */
    VenueRankingCodec venueCodec() {
        return required(venueCodec);
    }

    /** Reads the run's companion rankings. */
    CompanionRankingCodec companionCodec() {
        return required(companionCodec);
    }

    /** Scores live over the current venues. */
    VenueRanker ranker() {
        VenueRanker built = ranker;
        if (built == null) {
            synchronized (this) {
                built = ranker;
                if (built == null) {
                    built = new VenueRanker(current, profile);
                    ranker = built;
                }
            }
        }
        return built;
    }

    private static <T> T required(@Nullable T codec) {
        if (codec == null) {
            throw new IllegalStateException("there is no published run whose rankings could be read");
        }
        return codec;
    }
}
