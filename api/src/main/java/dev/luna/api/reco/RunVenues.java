package dev.luna.api.reco;

import dev.luna.batch.scoring.CompanionRankingCodec;
import dev.luna.batch.scoring.VenueCatalog;
import dev.luna.batch.scoring.VenueRankingCodec;
import java.util.UUID;

/** A run's venue dictionary beside the current venues: how its packed rankings are read today. Immutable, thread-safe. */
final class RunVenues {

    private final Generation generation;
    private final int[] currentByRun;
    private final VenueRankingCodec venueCodec;
    private final CompanionRankingCodec companionCodec;

    RunVenues(Generation generation, VenueCatalog current) {
        this.generation = generation;
        currentByRun = new int[generation.venues().size()];
        for (int v = 0; v < currentByRun.length; v++) {
            currentByRun[v] = current.indexOf(generation.venues().id(v));
        }
        venueCodec = new VenueRankingCodec(generation.venues(), generation.profile());
        companionCodec = new CompanionRankingCodec(generation.venues(), generation.profile());
    }

    Generation generation() {
        return generation;
    }

    /** Where a venue of the run stands now; negative when it was deleted. */
    int currentIndex(int runVenueNo) {
        return currentByRun[runVenueNo];
    }

    /** The run's number of a venue; negative when the venue is newer than the run. */
    int runVenueNo(UUID venueId) {
        return generation.venues().indexOf(venueId);
    }

    VenueRankingCodec venueCodec() {
        return venueCodec;
    }

    CompanionRankingCodec companionCodec() {
        return companionCodec;
    }
}
