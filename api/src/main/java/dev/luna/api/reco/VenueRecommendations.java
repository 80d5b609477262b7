package dev.luna.api.reco;

import dev.luna.batch.scoring.InteractionMatrix;
import dev.luna.batch.scoring.RankedVenue;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Service;

/**
 * A user's best venues. The stored list answers when it provably holds the true top: its order is the full ranking's, so
 * without the deleted venues its first entries are the first of what is left. Otherwise the same code scores live.
 */
@Service
class VenueRecommendations {

    private final PublishedReads reads;
    private final VenueIndexes indexes;
    private final LiveInputs inputs;

    VenueRecommendations(PublishedReads reads, VenueIndexes indexes, LiveInputs inputs) {
        this.reads = reads;
        this.indexes = indexes;
        this.inputs = inputs;
    }

    /** @throws dev.luna.api.web.ProblemException 404 when there is no such user */
    Answer<RecommendedVenue> top(UUID userId, int limit) {
        return Attempts.untilRunStays(() -> attempt(userId, limit));
    }

    private Optional<Answer<RecommendedVenue>> attempt(UUID userId, int limit) {
        PublishedReads.StoredVenues row = reads.venues(userId).orElseThrow(() -> Unknown.user(userId));
        ReadState state = row.state();
        return indexes.get(state).map(index -> {
            byte[] packed = row.packed();
            List<RecommendedVenue> stored = packed == null ? null : stored(packed, index, limit);
            if (stored != null) {
                String validator = state.runTag() + "." + state.catalogVersion();
                return new Answer<>(stored, state.runId(), state.snapshotAt(), validator);
            }
            return new Answer<>(live(row.person(), index, limit), state.runId(), state.snapshotAt(), null);
        });
    }

    /** The stored list's first entries, or null when it cannot answer exactly. */
    private static @Nullable List<RecommendedVenue> stored(byte[] packed, VenueIndex index, int limit) {
        int size = index.venueCodec().size(packed);
        int venuesOfRun = index.runVenueCount();
        List<RankedVenue> entries = index.venueCodec().decode(packed, Math.min(size, limit + index.goneCount()));
        List<RecommendedVenue> list = new ArrayList<>(Math.min(limit, entries.size()));
        for (RankedVenue entry : entries) {
            int current = index.currentIndex(entry.venueIndex());
            if (current >= 0 && list.size() < limit) {
                list.add(RecommendedVenue.of(list.size() + 1, entry, index, current));
            }
        }
        boolean holdsAllVenues = size == venuesOfRun;
        return list.size() == limit || holdsAllVenues ? list : null;
    }

    private List<RecommendedVenue> live(Person person, VenueIndex index, int limit) {
        InteractionMatrix own = inputs.own(person.id(), index.current(), index.profile());
        List<RecommendedVenue> list = new ArrayList<>();
        index.ranker()
                .rank(
                        new double[] {person.homeLatOrNaN()},
                        new double[] {person.homeLngOrNaN()},
                        own,
                        0,
                        1,
                        limit,
                        null,
                        (row, ranking) -> {
                            for (RankedVenue entry : ranking.toList()) {
                                list.add(RecommendedVenue.of(list.size() + 1, entry, index, entry.venueIndex()));
                            }
                        });
        return list;
    }
}
