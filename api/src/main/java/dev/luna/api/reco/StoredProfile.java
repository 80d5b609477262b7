package dev.luna.api.reco;

import dev.luna.batch.scoring.ScoringProfile;
import tools.jackson.databind.MapperFeature;
import tools.jackson.databind.PropertyNamingStrategies;
import tools.jackson.databind.json.JsonMapper;

/** Reads {@code run.profile}. Its mapper is its own: what is stored does not follow the wording of answers. */
final class StoredProfile {

    private static final JsonMapper MAPPER = JsonMapper.builder()
            .propertyNamingStrategy(PropertyNamingStrategies.SNAKE_CASE)
            .enable(MapperFeature.ACCEPT_CASE_INSENSITIVE_ENUMS)
            .build();

    private StoredProfile() {}

    static ScoringProfile read(String json) {
        return MAPPER.readValue(json, ScoringProfile.class);
    }
}
