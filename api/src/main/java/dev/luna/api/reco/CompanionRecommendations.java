package dev.luna.api.reco;

import dev.luna.batch.scoring.CompanionRanker;
import dev.luna.batch.scoring.InteractionMatrix;
import dev.luna.batch.scoring.RankedCompanion;
import dev.luna.batch.scoring.StoredCompanion;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Service;

/**
 * A user's best companions, in general or at a venue. As with venues, a stored list answers when it provably holds the
 * true top: the user has not changed, and it is long enough without deleted friends, or it holds all friends. What friends
 * did since the run counts from the next run on.
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
        PublishedReads.StoredCompanions row = reads.companions(userId, null).orElseThrow(() -> Unknown.user(userId));
        ReadState state = row.state();
        return indexes.get(state).map(index -> {
            if (venueId != null && index.current().indexOf(venueId) < 0) {
                throw Unknown.venue(venueId);
            }
            List<RecommendedCompanion> stored = stored(row, venueId, index, limit);
            if (stored != null) {
                String validator = state.runTag() + "." + ContentTag.of(stored);
                return new Answer<>(stored, state.runId(), state.snapshotAt(), true, validator, null);
            }
            List<RecommendedCompanion> live = live(row.person(), venueId, index, limit);
            return new Answer<>(live, state.runId(), state.snapshotAt(), false, null, null);
        });
    }

    /**
     * The user's best companions at each of the given venues, in their order, from one statement for all that is stored and
     * from one scoring for all that is not.
     *
     * @param venueIds current venues
     * @param runId the run to read, {@link PinnedRun#NONE} for none
     * @return empty when the run is gone, or one of the venues
     */
    Optional<List<List<RecommendedCompanion>>> atEach(List<UUID> venueIds, UUID userId, long runId, int limit) {
        PublishedReads.StoredCompanions row = reads.companions(userId, runId).orElseThrow(() -> Unknown.user(userId));
        return indexes.get(row.state()).flatMap(index -> {
            if ((row.state().runId() == null && runId != PinnedRun.NONE)
                    || venueIds.stream().anyMatch(id -> index.current().indexOf(id) < 0)) {
                return Optional.empty();
            }
            List<@Nullable List<StoredCompanion>> stored = new ArrayList<>();
            Set<UUID> friends = new HashSet<>();
            for (UUID venueId : venueIds) {
                List<StoredCompanion> entries = storedEntries(row, venueId, index);
                stored.add(entries);
                if (entries != null) {
                    entries.forEach(entry -> friends.add(entry.userId()));
                }
            }
            Map<UUID, String> nameById = names.of(friends);
            List<List<RecommendedCompanion>> lists = new ArrayList<>();
            List<UUID> unknown = new ArrayList<>();
            for (int i = 0; i < venueIds.size(); i++) {
                List<StoredCompanion> entries = stored.get(i);
                List<RecommendedCompanion> list = entries == null ? null : named(entries, nameById, limit);
                if (list == null || !isExact(list, entries, row, limit)) {
                    unknown.add(venueIds.get(i));
                }
                lists.add(list == null ? List.of() : list);
            }
            if (!unknown.isEmpty()) {
                Map<UUID, List<RecommendedCompanion>> live = liveAt(unknown, userId, index, limit);
                live.forEach((venueId, list) -> lists.set(venueIds.indexOf(venueId), list));
            }
            return Optional.of(lists);
        });
    }

    /** The stored list's first entries, or null when it cannot answer exactly. */
    private @Nullable List<RecommendedCompanion> stored(
            PublishedReads.StoredCompanions row, @Nullable UUID venueId, VenueIndex index, int limit) {
        List<StoredCompanion> entries = storedEntries(row, venueId, index);
        if (entries == null) {
            return null;
        }
        List<StoredCompanion> first = entries.subList(0, Math.min(limit, entries.size()));
        List<RecommendedCompanion> list = named(first, namesOf(first), limit);
        if (list.size() < first.size()) {
            list = named(entries, namesOf(entries), limit);
        }
        return isExact(list, entries, row, limit) ? list : null;
    }

    /** What the run stored of an unchanged user, in general or at a venue; null when it stored nothing that holds. */
    private static @Nullable List<StoredCompanion> storedEntries(
            PublishedReads.StoredCompanions row, @Nullable UUID venueId, VenueIndex index) {
        Long writtenBy = row.writtenBy();
        if (row.isChanged() || writtenBy == null) {
            return null;
        }
        byte[] packed = row.packed();
        if (packed == null) {
            return List.of();
        }
        RunVenues run = index.writtenBy(writtenBy);
        if (venueId == null) {
            return run.companionCodec().decodeGeneral(packed, Integer.MAX_VALUE);
        }
        int runVenueNo = run.runVenueNo(venueId);
        return runVenueNo < 0
                ? null
                : run.companionCodec()
                        .decodeAt(packed, runVenueNo, Integer.MAX_VALUE)
                        .orElse(null);
    }

    /** Whether a list is full, or misses only friends who are gone. */
    private static boolean isExact(
            List<RecommendedCompanion> list,
            List<StoredCompanion> entries,
            PublishedReads.StoredCompanions row,
            int limit) {
        return list.size() == limit || entries.size() == row.friendCount();
    }

    private Map<UUID, String> namesOf(List<StoredCompanion> entries) {
        return names.of(entries.stream().map(StoredCompanion::userId).toList());
    }

    private static List<RecommendedCompanion> named(
            List<StoredCompanion> entries, Map<UUID, String> nameById, int limit) {
        List<RecommendedCompanion> list = new ArrayList<>(Math.min(limit, entries.size()));
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
        if (venueId != null) {
            return liveAt(List.of(venueId), person.id(), index, limit).getOrDefault(venueId, List.of());
        }
        LiveInputs.Friends friends = inputs.friends(person.id());
        InteractionMatrix interactions =
                InteractionMatrix.empty(friends.list().size(), index.current().size());
        return named(
                new CompanionRanker(index.current(), interactions, friends.graph(), index.profile())
                        .newWorker()
                        .rank(0, limit)
                        .toList(),
                friends);
    }

    /** The best companions at each of the venues, scored together. */
    private Map<UUID, List<RecommendedCompanion>> liveAt(
            List<UUID> venueIds, UUID userId, VenueIndex index, int limit) {
        LiveInputs.Friends friends = inputs.friends(userId);
        InteractionMatrix interactions =
                inputs.ofFriendsAt(userId, friends, venueIds, index.current(), index.profile());
        Map<UUID, List<RecommendedCompanion>> lists = new HashMap<>();
        new CompanionRanker(index.current(), interactions, friends.graph(), index.profile())
                .newWorker()
                .rankAt(
                        0,
                        venueIds.stream().mapToInt(index.current()::indexOf).toArray(),
                        venueIds.size(),
                        limit,
                        (venue, ranking) -> lists.put(index.current().id(venue), named(ranking.toList(), friends)));
        return lists;
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
}
