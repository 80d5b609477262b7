package dev.luna.api.reco;

import dev.luna.api.web.ProblemException;
import java.util.UUID;

/** Problems about ids that nothing has. */
final class Unknown {

    private Unknown() {}

    static ProblemException user(UUID userId) {
        return ProblemException.notFound("No user has the id " + userId);
    }

    static ProblemException venue(UUID venueId) {
        return ProblemException.notFound("No venue has the id " + venueId);
    }
}
