package dev.luna.api.web;

import java.util.List;
import org.springframework.stereotype.Component;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * Applies a change the way RFC 7396 says: an absent field stays, null clears it, anything else replaces it. The result is
 * validated by the same rules as a new object.
 */
@Component
public final class MergePatch {

    private final JsonMapper mapper;
    private final BodyValidation validation;

    MergePatch(JsonMapper mapper, BodyValidation validation) {
        this.mapper = mapper;
        this.validation = validation;
    }

    /**
     * The value after the change.
     *
     * @throws ProblemException 422 when the result breaks a rule
     * @throws tools.jackson.core.JacksonException when a field is unknown or has the wrong type; answered with 400
     */
    public <T> T apply(T current, ObjectNode change, Class<T> type) {
        ObjectNode merged = mapper.valueToTree(current);
        merged.setAll(change);
        T result = mapper.treeToValue(merged, type);
        List<InvalidField> errors = validation.errors(result);
        if (!errors.isEmpty()) {
            throw ProblemException.invalidBody(errors);
        }
        return result;
    }
}
