package dev.luna.api.web;

import jakarta.validation.ConstraintViolation;
import jakarta.validation.Validator;
import java.util.List;
import java.util.Set;
import org.springframework.stereotype.Component;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * Applies a change the way RFC 7396 says: an absent field stays, null clears it, anything else replaces it. The result is
 * validated by the same rules as a new object.
 */
@Component
public final class MergePatch {

    private final JsonMapper mapper;
    private final Validator validator;

    MergePatch(JsonMapper mapper, Validator validator) {
        this.mapper = mapper;
        this.validator = validator;
    }

    /**
     * The value after the change.
     *
     * @throws ProblemException 422 when the result breaks a rule
     * @throws tools.jackson.core.JacksonException when a field is unknown or has the wrong type; answered with 400
     */
    public <T> T apply(T current, ObjectNode change, Class<T> type) {
        ObjectNode merged = mapper.valueToTree(current);
        for (var field : change.properties()) {
            JsonNode value = field.getValue();
            merged.set(field.getKey(), value);
        }
        T result = mapper.treeToValue(merged, type);
        Set<ConstraintViolation<T>> violations = validator.validate(result);
        if (!violations.isEmpty()) {
            List<InvalidField> errors = violations.stream()
                    .map(violation -> new InvalidField(
                            SnakeCase.of(violation.getPropertyPath().toString()),
                            violation.getMessage(),
                            violation.getInvalidValue()))
                    .sorted((a, b) -> a.field().compareTo(b.field()))
                    .toList();
            throw ProblemException.invalidBody(errors);
        }
        return result;
    }
}
