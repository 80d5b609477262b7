package dev.luna.api.reco;

import dev.luna.api.web.ProblemException;
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
    private final PublishedReads reads;

    VenuesWithPeople(VenueRecommendations venues, CompanionRecommendations companions, PublishedReads reads) {
        this.venues = venues;
        this.companions = companions;
        this.reads = reads;
    }

    /**
     * The answer without its items, if the client has it already. Looks at no ranking. An answer with people who were scored
     * for it has no validator: what they do changes it.
     *
     * @throws ProblemException as {@link VenueRecommendations#top}
     */
    Optional<Answer<RecommendedVenue>> unchanged(VenueQuestion question, KnownAnswers known) {
        if (known.isEmpty()) {
            return Optional.empty();
        }
        PublishedReads.FriendsFreshness seen = reads.friendsFreshness(question.userId(), question.pinnedRun())
                .orElseThrow(() -> ProblemException.unknown("user", question.userId()));
        PinnedRun.requireThere(question, seen.state(), reads);
        return VenueRecommendations.unchanged(
                question, seen.state(), seen.isChanged(), known, venues -> validator(venues, seen.friendsTag()));
    }

    private static String validator(String venues, String friendsTag) {
        return venues + "." + friendsTag;
    }

    /**
     * @param people most companions of a venue, at least 1
     * @throws ProblemException as {@link VenueRecommendations#top}
     */
    Answer<RecommendedVenue> top(VenueQuestion question, int people) {
        // A venue that is deleted between the two reads makes another answer; so does a run.
        return Attempts.untilReadsAgree(() -> joined(venues.top(question), question.userId(), people));
    }

    private Optional<Answer<RecommendedVenue>> joined(Answer<RecommendedVenue> answer, UUID userId, int most) {
        List<UUID> venueIds =
                answer.items().stream().map(RecommendedVenue::venueId).toList();
        Long answering = answer.runId();
        return companions
                .atEach(venueIds, userId, answering == null ? PinnedRun.NONE : answering, most)
                .map(people -> {
                    List<RecommendedVenue> items =
                            new ArrayList<>(people.lists().size());
                    for (int i = 0; i < people.lists().size(); i++) {
                        items.add(answer.items().get(i).with(people.lists().get(i)));
                    }
                    String validator = answer.validator() == null || !people.areStored()
                            ? null
                            : validator(answer.validator(), people.friendsTag());
                    return new Answer<>(
                            items,
                            answer.runId(),
                            answer.snapshotAt(),
                            answer.isStored() && people.areStored(),
                            validator,
                            answer.nextCursor());
                });
    }
}
