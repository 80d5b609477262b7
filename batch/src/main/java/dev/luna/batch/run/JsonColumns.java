package dev.luna.batch.run;

import dev.luna.batch.scoring.ScoringProfile;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import tools.jackson.core.type.TypeReference;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.MapperFeature;
import tools.jackson.databind.PropertyNamingStrategies;
import tools.jackson.databind.cfg.EnumFeature;
import tools.jackson.databind.json.JsonMapper;

/**
 * The JSON columns of table run: snake case, enums in lower case. Its mapper is its own, so that what is stored does not
 * depend on how a web module words its answers.
 */
final class JsonColumns {

    private static final JsonMapper MAPPER = JsonMapper.builder()
            .propertyNamingStrategy(PropertyNamingStrategies.SNAKE_CASE)
            .enable(EnumFeature.WRITE_ENUMS_TO_LOWERCASE)
            .enable(MapperFeature.ACCEPT_CASE_INSENSITIVE_ENUMS)
            .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
            .build();

    private static final TypeReference<Map<String, Object>> OBJECT = new TypeReference<>() {};
    private static final TypeReference<Map<String, Double>> SECONDS = new TypeReference<>() {};
    private static final TypeReference<List<GateCheck>> CHECKS = new TypeReference<>() {};

    private JsonColumns() {}

    static String write(Object value) {
        return MAPPER.writeValueAsString(value);
    }

    static ScoringProfile profile(String json) {
        return MAPPER.readValue(json, ScoringProfile.class);
    }

    static RunFailure failure(String json) {
        return MAPPER.readValue(json, RunFailure.class);
    }

    static RunSettings settings(String json) {
        return MAPPER.readValue(json, RunSettings.class);
    }

    static Map<String, Object> object(String json) {
        return MAPPER.readValue(json, OBJECT);
    }

    static List<GateCheck> checks(String json) {
        return MAPPER.readValue(json, CHECKS);
    }

    static Map<RunPhase, Double> timings(String json) {
        return MAPPER.readValue(json, SECONDS).entrySet().stream()
                .collect(Collectors.toMap(
                        e -> RunPhase.valueOf(e.getKey().toUpperCase(Locale.ROOT)),
                        Map.Entry::getValue,
                        (a, b) -> b,
                        () -> new EnumMap<>(RunPhase.class)));
    }
}
