package dev.luna.api.reco;

import dev.luna.api.web.ProblemException;
import java.util.List;
import java.util.UUID;
import org.springframework.http.HttpStatus;
import org.springframework.stereotype.Component;

/** Whom to take along, for features outside this package. */
@Component
public class BestCompanions {

    private final CompanionRecommendations companions;

    BestCompanions(CompanionRecommendations companions) {
        this.companions = companions;
    }

    /**
     * The ids of the user's best companions for a venue, best first: what {@code GET /reco/people} answers, and nobody when
     * there is no such user or venue. It may wait until all venues are read anew, so ask before a transaction begins.
     */
    public List<UUID> at(UUID userId, UUID venueId, int limit) {
        try {
            return companions.top(new CompanionQuestion(userId, venueId, limit, null, null)).items().stream()
                    .map(RecommendedCompanion::userId)
                    .toList();
        } catch (ProblemException e) {
            // A new plan says itself who or what does not exist; one that is answered again may have outlived its
            // venue.
            if (e.getStatusCode() == HttpStatus.NOT_FOUND) {
                return List.of();
            }
            throw e;
        }
    }
}
