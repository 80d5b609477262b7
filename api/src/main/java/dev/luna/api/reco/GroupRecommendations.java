package dev.luna.api.reco;

import dev.luna.api.web.ProblemException;
import dev.luna.batch.scoring.GroupRankedVenue;
import dev.luna.batch.scoring.GroupRanker;
import dev.luna.batch.scoring.GroupStrategy;
import dev.luna.batch.scoring.InteractionMatrix;
import dev.luna.batch.scoring.VenueSelection;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.springframework.stereotype.Service;

/**
 * Where a group should go: the exact top by the group's score, scored for each request over the venues in memory, under the
 * published run's popularity and profile. Lists stored for the members could not tell it.
 */
@Service
class GroupRecommendations {

    private final GroupReads reads;
    private final LiveInputs inputs;
    private final VenueIndexes indexes;

    GroupRecommendations(GroupReads reads, LiveInputs inputs, VenueIndexes indexes) {
        this.reads = reads;
        this.inputs = inputs;
        this.indexes = indexes;
    }

    /**
     * @param memberIds 1 to {@value GroupRanker#MAX_MEMBERS} users, each once
     * @throws ProblemException 404 when one of them does not exist
     */
    Answer<RecommendedGroupVenue> top(List<UUID> memberIds, GroupStrategy strategy, VenueFilter filter, int limit) {
        return Attempts.untilReadsAgree(() -> {
            GroupReads.Members members = reads.members(memberIds);
            return answer(members.state(), members.inOrderOf(memberIds), strategy, filter, limit);
        });
    }

    /**
     * For those who take part in a plan.
     *
     * @throws ProblemException 404 when there is no such plan
     */
    Answer<RecommendedGroupVenue> topOfPlan(UUID planId, GroupStrategy strategy, VenueFilter filter, int limit) {
        return Attempts.untilReadsAgree(() -> {
            GroupReads.Members members =
                    reads.ofPlan(planId).orElseThrow(() -> ProblemException.unknown("plan", planId));
            return answer(members.state(), members.people(), strategy, filter, limit);
        });
    }

    private Optional<Answer<RecommendedGroupVenue>> answer(
            ReadState state, List<Person> people, GroupStrategy strategy, VenueFilter filter, int limit) {
        return indexes.get(state).map(index -> Answer.of(ranked(people, index, strategy, filter, limit), state, false));
    }

    private List<RecommendedGroupVenue> ranked(
            List<Person> people, VenueIndex index, GroupStrategy strategy, VenueFilter filter, int limit) {
        List<UUID> memberIds = people.stream().map(Person::id).toList();
        InteractionMatrix own = inputs.of(memberIds, index.current(), index.profile());
        List<GroupRankedVenue> ranking = new GroupRanker(index.ranker())
                .rank(
                        people.stream().mapToDouble(Person::homeLatOrNaN).toArray(),
                        people.stream().mapToDouble(Person::homeLngOrNaN).toArray(),
                        own,
                        strategy,
                        limit,
                        filter.isEmpty() ? null : selection(people, own, new FilteredVenues(filter, index)));
        List<RecommendedGroupVenue> list = new ArrayList<>(ranking.size());
        for (GroupRankedVenue venue : ranking) {
            list.add(RecommendedGroupVenue.of(list.size() + 1, venue, index, memberIds));
        }
        return list;
    }

    private static VenueSelection selection(List<Person> people, InteractionMatrix own, FilteredVenues venues) {
        List<QualifyingVenues> members = new ArrayList<>(people.size());
        for (Person person : people) {
            members.add(new QualifyingVenues(venues, venues.index().scoresOf(person), own.row(members.size())));
        }
        return QualifyingVenues.selection(venues, members);
    }
}
