package dev.luna.api.reco;

import dev.luna.api.web.Wire;
import dev.luna.batch.scoring.ScoringProfile;

/** The interaction types that count as likes, as the table names them: for {@code = any(...)}. */
final class PositiveTypes {

    private PositiveTypes() {}

    static String[] of(ScoringProfile profile) {
        return profile.positiveTypes().stream().map(Wire::name).toArray(String[]::new);
    }
}
