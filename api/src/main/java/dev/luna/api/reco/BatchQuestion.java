package dev.luna.api.reco;

import dev.luna.api.web.ExampleIds;
import io.swagger.v3.oas.annotations.media.Schema;
import jakarta.validation.Valid;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Size;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Where each of many users should go. */
record BatchQuestion(
        @Schema(example = ExampleIds.USERS, description = "up to " + BatchQuestion.MOST_USERS)
        @NotNull
        @Size(min = 1, max = BatchQuestion.MOST_USERS)
        List<UUID> userIds,

        @Schema(
                example = "10",
                defaultValue = "10",
                description = "venues for each user, 1 to " + BatchQuestion.MAX_LIMIT)
        @Min(1)
        @Max(BatchQuestion.MAX_LIMIT)
        @Nullable
        Integer limit,

        @Valid @Nullable FilterFields filters) {

    static final int MOST_USERS = 500;
    static final int MAX_LIMIT = 100;
    static final int DEFAULT_LIMIT = 10;

    int limitOrDefault() {
        return limit == null ? DEFAULT_LIMIT : limit;
    }
}
