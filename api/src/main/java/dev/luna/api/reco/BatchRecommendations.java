package dev.luna.api.reco;

import dev.luna.batch.scoring.InteractionMatrix;
import dev.luna.batch.scoring.RankedVenue;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.springframework.stereotype.Service;

/**
 * Many users' best venues from one statement, each exactly as a single read gives them. Users whose stored ranking cannot
 * answer are scored live, with the interactions of all of them from one more statement.
 */
@Service
class BatchRecommendations {

    private static final String RUN = "run";
    private static final String LIVE = "live";

    private final PublishedReads reads;
    private final LiveInputs inputs;
    private final VenueIndexes indexes;

    BatchRecommendations(PublishedReads reads, LiveInputs inputs, VenueIndexes indexes) {
        this.reads = reads;
        this.inputs = inputs;
        this.indexes = indexes;
    }

    /** Each user's part, in the order of the question. */
    Answer<BatchEntry> top(List<UUID> userIds, VenueFilter filter, int limit) {
        return Attempts.untilReadsAgree(() -> {
            Map<UUID, PublishedReads.StoredVenues> rows = new HashMap<>();
            reads.venues(new LinkedHashSet<>(userIds))
                    .forEach(row -> rows.put(row.person().id(), row));
            ReadState state = rows.isEmpty()
                    ? reads.state()
                    : rows.values().iterator().next().state();
            return indexes.get(state).map(index -> {
                List<BatchEntry> entries = entries(userIds, rows, new FilteredVenues(filter, index), limit);
                boolean isStored =
                        state.runId() != null && entries.stream().noneMatch(entry -> LIVE.equals(entry.source()));
                return Answer.of(entries, state, isStored);
            });
        });
    }

    private List<BatchEntry> entries(
            List<UUID> userIds, Map<UUID, PublishedReads.StoredVenues> rows, FilteredVenues venues, int limit) {
        VenueIndex index = venues.index();
        Map<UUID, BatchEntry> answered = new HashMap<>();
        List<Person> live = new ArrayList<>();
        for (UUID userId : new LinkedHashSet<>(userIds)) {
            PublishedReads.StoredVenues row = rows.get(userId);
            if (row == null) {
                answered.put(userId, new BatchEntry(userId, null, List.of()));
                continue;
            }
            VenueQuestion question = new VenueQuestion(userId, venues.filter(), limit, false, null, null);
            VenuePage page = VenueRecommendations.stored(row, question, venues, index.scoresOf(row.person()));
            if (page == null) {
                live.add(row.person());
            } else {
                answered.put(userId, entry(userId, RUN, page.entries(), index));
            }
        }
        addLive(answered, live, venues, limit);
        return userIds.stream().map(answered::get).toList();
    }

    private void addLive(Map<UUID, BatchEntry> answered, List<Person> people, FilteredVenues venues, int limit) {
        if (people.isEmpty()) {
            return;
        }
        VenueIndex index = venues.index();
        InteractionMatrix own = inputs.of(people.stream().map(Person::id).toList(), index.current(), index.profile());
        for (int row = 0; row < people.size(); row++) {
            Person person = people.get(row);
            InteractionMatrix ownRow = own.row(row);
            QualifyingVenues qualifying = venues.of(index.scoresOf(person), ownRow);
            List<RankedVenue> ranking = VenueRecommendations.rank(
                    person, ownRow, index, limit, qualifying == null ? null : qualifying.selection());
            answered.put(person.id(), entry(person.id(), LIVE, ranking, index));
        }
    }

    private static BatchEntry entry(UUID userId, String source, List<RankedVenue> ranking, VenueIndex index) {
        List<RecommendedVenue> venues = new ArrayList<>(ranking.size());
        for (RankedVenue venue : ranking) {
            venues.add(RecommendedVenue.of(venues.size() + 1, venue, index, null));
        }
        return new BatchEntry(userId, source, venues);
    }
}
