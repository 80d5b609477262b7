package dev.luna.api.reco;

import dev.luna.api.web.Wire;
import dev.luna.batch.scoring.ScoringProfile;
import java.util.List;

/** The interaction types that count as likes, as the table names them. */
final class PositiveTypes {

    private PositiveTypes() {}

    static List<String> of(ScoringProfile profile) {
        return profile.positiveTypes().stream().map(Wire::name).toList();
    }
}
