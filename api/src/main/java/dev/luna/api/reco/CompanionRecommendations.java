package dev.luna.api.reco;

import dev.luna.batch.scoring.CompanionRanker;
import dev.luna.batch.scoring.InteractionMatrix;
import dev.luna.batch.scoring.RankedCompanion;
import dev.luna.batch.scoring.StoredCompanion;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Service;

/**
 * A user's best companions, in general or at a venue. As with venues, a stored list answers when it provably holds the
 * true top: it is long enough without deleted friends, or it holds all friends.
 */
@Service
class CompanionRecommendations {

    private final PublishedReads reads;
    private final VenueIndexes indexes;
    private final LiveInputs inputs;
    private final PeopleNames names;

    CompanionRecommendations(PublishedReads reads, VenueIndexes indexes, LiveInputs inputs, PeopleNames names) {
        this.reads = reads;
        this.indexes = indexes;
        this.inputs = inputs;
        this.names = names;
    }

    /** @throws dev.luna.api.web.ProblemException 404 when there is no such user or venue */
    Answer<RecommendedCompanion> top(UUID userId, @Nullable UUID venueId, int limit) {
        return Attempts.untilRunStays(() -> attempt(userId, venueId, limit));
    }

    private Optional<Answer<RecommendedCompanion>> attempt(UUID userId, @Nullable UUID venueId, int limit) {
        PublishedReads.StoredCompanions row = reads.companions(userId).orElseThrow(() -> Unknown.user(userId));
        ReadState state = row.state();
        return indexes.get(state).map(index -> {
            if (venueId != null && index.current().indexOf(venueId) < 0) {
                throw Unknown.venue(venueId);
            }
            List<RecommendedCompanion> stored = stored(row, venueId, index, limit);
            if (stored != null) {
                String validator = state.runTag() + "." + Long.toHexString(fingerprint(stored));
                return new Answer<>(stored, state.runId(), state.snapshotAt(), validator);
            }
            return new Answer<>(live(row.person(), venueId, index, limit), state.runId(), state.snapshotAt(), null);
        });
    }

    /** The stored list's first entries, or null when it cannot answer exactly. */
    private @Nullable List<RecommendedCompanion> stored(
            PublishedReads.StoredCompanions row, @Nullable UUID venueId, VenueIndex index, int limit) {
        if (!row.isInRun()) {
            return null;
        }
        byte[] packed = row.packed();
        if (packed == null) {
            return List.of();
        }
        List<StoredCompanion> entries;
        if (venueId == null) {
            entries = index.companionCodec().decodeGeneral(packed, Integer.MAX_VALUE);
        } else {
            int runVenueNo = index.runVenueNo(venueId);
            entries = runVenueNo < 0
                    ? null
                    : index.companionCodec()
                            .decodeAt(packed, runVenueNo, Integer.MAX_VALUE)
                            .orElse(null);
        }
        if (entries == null) {
            return null;
        }
        List<StoredCompanion> first = entries.subList(0, Math.min(limit, entries.size()));
        List<RecommendedCompanion> list = named(first, limit);
        if (list.size() < first.size()) {
            list = named(entries, limit);
        }
        boolean holdsAllFriends = entries.size() == row.friendCount();
        return list.size() == limit || holdsAllFriends ? list : null;
    }

    private List<RecommendedCompanion> named(List<StoredCompanion> entries, int limit) {
        Map<UUID, String> nameById =
                names.of(entries.stream().map(StoredCompanion::userId).toList());
        List<RecommendedCompanion> list = new ArrayList<>(entries.size());
        for (StoredCompanion entry : entries) {
            String name = nameById.get(entry.userId());
            if (name != null && list.size() < limit) {
                list.add(RecommendedCompanion.of(
                        list.size() + 1,
                        entry.userId(),
                        name,
                        entry.score(),
                        entry.base(),
                        entry.direct(),
                        entry.category()));
            }
        }
        return list;
    }

    private List<RecommendedCompanion> live(Person person, @Nullable UUID venueId, VenueIndex index, int limit) {
        LiveInputs.Friends friends = inputs.friends(person.id());
        InteractionMatrix interactions = venueId == null
                ? InteractionMatrix.empty(friends.list().size(), index.current().size())
                : inputs.ofFriendsAt(person.id(), friends, venueId, index.current(), index.profile());
        CompanionRanker.Worker worker =
                new CompanionRanker(index.current(), interactions, friends.graph(), index.profile()).newWorker();
        if (venueId == null) {
            return named(worker.rank(0, limit).toList(), friends);
        }
        List<RecommendedCompanion> list = new ArrayList<>();
        worker.rankAt(
                0,
                new int[] {index.current().indexOf(venueId)},
                1,
                limit,
                (venue, ranking) -> list.addAll(named(ranking.toList(), friends)));
        return list;
    }

    private static List<RecommendedCompanion> named(List<RankedCompanion> ranking, LiveInputs.Friends friends) {
        List<RecommendedCompanion> list = new ArrayList<>(ranking.size());
        for (RankedCompanion entry : ranking) {
            LiveInputs.Friend friend = friends.list().get(entry.friendIndex());
            list.add(RecommendedCompanion.of(
                    list.size() + 1,
                    friend.id(),
                    friend.name(),
                    entry.score(),
                    entry.base(),
                    entry.direct(),
                    entry.category()));
        }
        return list;
    }

    /** 64 bits over ids and names, FNV-1a: names change without a run or a venue changing. */
    private static long fingerprint(List<RecommendedCompanion> list) {
        long hash = 0xcbf29ce484222325L;
        for (RecommendedCompanion companion : list) {
            hash = mixed(hash, companion.userId().getMostSignificantBits());
            hash = mixed(hash, companion.userId().getLeastSignificantBits());
            for (int i = 0; i < companion.name().length(); i++) {
                hash = mixed(hash, companion.name().charAt(i));
            }
        }
        return hash;
    }

    private static long mixed(long hash, long value) {
        return (hash ^ value) * 0x100000001b3L;
    }
}
