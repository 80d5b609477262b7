package dev.luna.api.reco;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.springframework.stereotype.Service;

/** Where to go and with whom: adds to each venue of a ranking the user's best companions for it. */
@Service
class VenuesWithPeople {

    private final VenueRecommendations venues;
    private final CompanionRecommendations companions;

    VenuesWithPeople(VenueRecommendations venues, CompanionRecommendations companions) {
        this.venues = venues;
        this.companions = companions;
    }

    /**
     * @param people most companions of a venue, at least 1
     * @throws dev.luna.api.web.ProblemException as {@link VenueRecommendations#top}
     */
    Answer<RecommendedVenue> top(VenueQuestion question, int people) {
        // A venue that is deleted between the two reads makes another answer; so does a run.
        return Attempts.untilRunStays(() -> joined(venues.top(question), question.userId(), people));
    }

    private Optional<Answer<RecommendedVenue>> joined(Answer<RecommendedVenue> answer, UUID userId, int people) {
        List<UUID> venueIds =
                answer.items().stream().map(RecommendedVenue::venueId).toList();
        Long answering = answer.runId();
        return companions
                .atEach(venueIds, userId, answering == null ? PinnedRun.NONE : answering, people)
                .map(lists -> {
                    List<RecommendedVenue> items = new ArrayList<>(lists.size());
                    for (int i = 0; i < lists.size(); i++) {
                        items.add(answer.items().get(i).with(lists.get(i)));
                    }
                    // What friends do and are called changes more often than what the venues' tag tells.
                    String validator =
                            answer.validator() == null ? null : answer.validator() + "." + ContentTag.ofAll(lists);
                    return new Answer<>(
                            items,
                            answer.runId(),
                            answer.snapshotAt(),
                            answer.isStored(),
                            validator,
                            answer.nextCursor());
                });
    }
}
