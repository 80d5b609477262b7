package dev.luna.api.reco;

import dev.luna.batch.scoring.CompanionRanker;
import dev.luna.batch.scoring.InteractionMatrix;
import dev.luna.batch.scoring.RankedCompanion;
import dev.luna.batch.scoring.StoredCompanion;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Stream;
import org.springframework.stereotype.Component;

/** Scores a user's friends for one request, as the tables have them and what they did by now. */
@Component
class LiveCompanions {

    private static final int VENUES_AT_ONCE = 32;

    /** Of a venue and a friend, for each of which the ranker takes 32 bytes. */
    private static final int PAIRS_AT_ONCE = 1 << 20;

    private final LiveInputs inputs;

    LiveCompanions(LiveInputs inputs) {
        this.inputs = inputs;
    }

    /**
     * The page that is asked for.
     *
     * @param beginning how the list begins, whatever friends did since. All others follow in the order of now: so nobody is
     *     on two pages or on none where pages go on past what a run stored. Empty for a list of now
     * @param stored what the run stored of the list, if the page before was of that; else empty
     */
    CompanionPage page(
            CompanionQuestion question,
            VenueIndex index,
            List<StoredCompanion> beginning,
            List<StoredCompanion> stored) {
        LiveInputs.Friends friends = inputs.friends(question.userId());
        Map<UUID, String> nameById = friends.nameById();
        PageEnd after = question.after();
        // One more than asked for tells whether there is a next page. Where the one before ended may be anywhere by
        // now.
        int k = after == null
                ? question.limit() + 1
                : Math.max(1, friends.list().size());
        UUID venueId = question.venueId();
        List<StoredCompanion> now = venueId == null
                ? inGeneral(friends, index, k)
                : at(List.of(venueId), question.userId(), friends, index, k).getOrDefault(venueId, List.of());
        List<UUID> first = beginning.stream().map(StoredCompanion::userId).toList();
        Set<UUID> isFirst = Set.copyOf(first);
        List<StoredCompanion> others =
                now.stream().filter(entry -> !isFirst.contains(entry.userId())).toList();
        int from = 0;
        if (after != null) {
            from = after.placeAmong(first);
            if (from < 0) {
                from = first.size()
                        + after.placeIn(
                                PageEnd.Entry.ofFriends(others, index.profile()),
                                PageEnd.Entry.ofFriends(stored, index.profile()));
            }
        }
        List<StoredCompanion> rest = Stream.concat(beginning.stream(), others.stream())
                .skip(from)
                .filter(entry -> nameById.containsKey(entry.userId()))
                .toList();
        int size = Math.min(rest.size(), question.limit());
        return new CompanionPage(rest.subList(0, size), nameById, question.firstRank(), size < rest.size());
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
        CompanionRanker.Worker worker =
                new CompanionRanker(index.current(), interactions, friends.graph(), index.profile()).newWorker();
        int[] venues = venueIds.stream().mapToInt(index.current()::indexOf).toArray();
        int mostAtOnce = PAIRS_AT_ONCE / Math.max(1, friends.list().size());
        int atOnce = Math.max(1, Math.min(VENUES_AT_ONCE, mostAtOnce));
        for (int from = 0; from < venues.length; from += atOnce) {
            int[] some = Arrays.copyOfRange(venues, from, Math.min(venues.length, from + atOnce));
            worker.rankAt(
                    0,
                    some,
                    some.length,
                    k,
                    (venue, ranking) -> lists.put(index.current().id(venue), withIds(ranking.toList(), friends)));
        }
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
