package dev.luna.api.interactions;

import dev.luna.api.web.BodyValidation;
import dev.luna.api.web.InvalidField;
import dev.luna.api.web.ProblemException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.ObjectReader;
import tools.jackson.databind.json.JsonMapper;

/**
 * Reads many interactions, one at a time, from a JSON array or from objects one after another (NDJSON). Memory: the
 * interactions themselves, {@value #MOST} at most; what follows is not read. Thread-safe.
 */
@Component
class InteractionBatchReader {

    /** Most interactions of one request. */
    static final int MOST = 10_000;

    private final ObjectReader reader;
    private final BodyValidation validation;

    InteractionBatchReader(JsonMapper mapper, BodyValidation validation) {
        this.reader =
                mapper.readerFor(BatchedInteraction.class).without(DeserializationFeature.FAIL_ON_TRAILING_TOKENS);
        this.validation = validation;
    }

    /**
     * @param isArray whether the body has to be one array; otherwise it is a sequence of objects
     * @throws ProblemException 422 naming index and field of values that are not allowed
     * @throws JacksonException what cannot be read, with the index in its path; answered with 400
     */
    List<BatchedInteraction> read(InputStream body, boolean isArray) {
        List<BatchedInteraction> batch = new ArrayList<>();
        List<InvalidField> errors = new ArrayList<>();
        try (JsonParser parser = reader.createParser(body)) {
            if (isArray && parser.nextToken() != JsonToken.START_ARRAY) {
                throw ProblemException.unreadableBody(
                        "The body must be a JSON array; interactions one a line go as application/x-ndjson.");
            }
            for (BatchedInteraction item = next(parser, 0); item != null; item = next(parser, batch.size())) {
                if (batch.size() == MOST) {
                    throw ProblemException.invalidBody(List.of(
                            new InvalidField("item", "is one too many: a batch has at most %,d".formatted(MOST), null)
                                    .at(MOST)));
                }
                check(item, batch.size(), errors);
                batch.add(item);
            }
            if (isArray && parser.nextToken() != null) {
                throw ProblemException.unreadableBody("The body must end with its JSON array.");
            }
        }
        if (!errors.isEmpty()) {
            throw ProblemException.invalidBody(errors);
        }
        if (batch.isEmpty()) {
            throw ProblemException.invalidBody(List.of(new InvalidField("item", "must come once at least", null)));
        }
        return batch;
    }

    /** The next interaction, or null at the end of the array or the body. */
    private @Nullable BatchedInteraction next(JsonParser parser, int index) {
        try {
            JsonToken token = parser.nextToken();
            if (token == null || token == JsonToken.END_ARRAY) {
                return null;
            }
            if (token != JsonToken.START_OBJECT) {
                throw ProblemException.invalidBody(
                        List.of(new InvalidField("item", "must be an object", null).at(index)));
            }
            return reader.readValue(parser);
        } catch (JacksonException e) {
            throw e.prependPath(List.of(), index);
        }
    }

    private void check(BatchedInteraction item, int index, List<InvalidField> errors) {
        if (errors.size() >= InvalidField.MOST) {
            return;
        }
        validation.errors(item).forEach(error -> errors.add(error.at(index)));
        if (item.dwellTime() != null && item.dwellTimeSeconds() != null) {
            errors.add(InteractionFields.DWELL_TIME_TWICE.at(index));
        }
    }
}
