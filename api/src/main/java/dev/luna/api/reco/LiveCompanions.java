package dev.luna.api.reco;

import dev.luna.batch.scoring.CompanionRanker;
import dev.luna.batch.scoring.CompanionRankingCodec;
import dev.luna.batch.scoring.InteractionMatrix;
import dev.luna.batch.scoring.RankedCompanion;
import dev.luna.batch.scoring.StoredCompanion;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.springframework.stereotype.Component;

/** Scores a user's friends for one request, as the tables have them and what they did by now. */
@Component
class LiveCompanions {

    private final LiveInputs inputs;

    LiveCompanions(LiveInputs inputs) {
        this.inputs = inputs;
    }

    /** The page that is asked for. */
    CompanionPage page(CompanionQuestion question, VenueIndex index) {
        LiveInputs.Friends friends = inputs.friends(question.userId());
        PageEnd after = question.after();
        // One more than asked for tells whether there is a next page; the end of the page before may be anywhere by
        // now.
        int k = after == null
                ? question.limit() + 1
                : Math.max(1, friends.list().size());
        UUID venueId = question.venueId();
        List<StoredCompanion> ranking = venueId == null
                ? inGeneral(friends, index, k)
                : at(List.of(venueId), question.userId(), friends, index, k).getOrDefault(venueId, List.of());
        int from = after == null
                ? 0
                : after.placeIn(
                        ranking.size(),
                        i -> ranking.get(i).userId(),
                        i -> CompanionRankingCodec.storedScore(index.profile(), ranking.get(i)));
        int to = Math.min(ranking.size(), from + question.limit());
        return new CompanionPage(
                ranking.subList(from, to), friends.nameById(), question.firstRank(), to < ranking.size());
    }

    /** The best at each of the venues, scored together; by venue. */
    Map<UUID, List<RecommendedCompanion>> atEach(List<UUID> venueIds, UUID userId, VenueIndex index, int limit) {
        LiveInputs.Friends friends = inputs.friends(userId);
        Map<UUID, String> nameById = friends.nameById();
        Map<UUID, List<RecommendedCompanion>> lists = new HashMap<>();
        at(venueIds, userId, friends, index, limit)
                .forEach((venueId, entries) ->
                        lists.put(venueId, new CompanionPage(entries, nameById, 1, false).items()));
        return lists;
    }

    private static List<StoredCompanion> inGeneral(LiveInputs.Friends friends, VenueIndex index, int k) {
        InteractionMatrix interactions =
                InteractionMatrix.empty(friends.list().size(), index.current().size());
        return withIds(
                new CompanionRanker(index.current(), interactions, friends.graph(), index.profile())
                        .newWorker()
                        .rank(0, k)
                        .toList(),
                friends);
    }

    private Map<UUID, List<StoredCompanion>> at(
            List<UUID> venueIds, UUID userId, LiveInputs.Friends friends, VenueIndex index, int k) {
        InteractionMatrix interactions =
                inputs.ofFriendsAt(userId, friends, venueIds, index.current(), index.profile());
        Map<UUID, List<StoredCompanion>> lists = new HashMap<>();
        new CompanionRanker(index.current(), interactions, friends.graph(), index.profile())
                .newWorker()
                .rankAt(
                        0,
                        venueIds.stream().mapToInt(index.current()::indexOf).toArray(),
                        venueIds.size(),
                        k,
                        (venue, ranking) -> lists.put(index.current().id(venue), withIds(ranking.toList(), friends)));
        return lists;
    }

    private static List<StoredCompanion> withIds(List<RankedCompanion> ranking, LiveInputs.Friends friends) {
        return ranking.stream()
                .map(entry -> new StoredCompanion(
                        friends.list().get(entry.friendIndex()).id(),
                        entry.score(),
                        entry.base(),
                        entry.direct(),
                        entry.category()))
                .toList();
    }
}
