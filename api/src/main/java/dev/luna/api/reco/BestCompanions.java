package dev.luna.api.reco;

import java.util.List;
import java.util.UUID;
import org.springframework.stereotype.Component;

/** Whom to take along, for features outside this package. */
@Component
public class BestCompanions {

    private final CompanionRecommendations companions;

    BestCompanions(CompanionRecommendations companions) {
        this.companions = companions;
    }

    /**
     * The ids of the user's best companions for a venue, best first: what {@code GET /reco/people} answers.
     *
     * @throws dev.luna.api.web.ProblemException 404 when there is no such user or venue
     */
    public List<UUID> at(UUID userId, UUID venueId, int limit) {
        return companions.top(new CompanionQuestion(userId, venueId, limit, null, null)).items().stream()
                .map(RecommendedCompanion::userId)
                .toList();
    }
}
