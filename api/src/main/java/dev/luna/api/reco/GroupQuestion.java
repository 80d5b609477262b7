package dev.luna.api.reco;

import dev.luna.api.web.ExampleIds;
import dev.luna.api.web.InvalidField;
import dev.luna.api.web.ProblemException;
import dev.luna.batch.scoring.GroupRanker;
import dev.luna.batch.scoring.GroupStrategy;
import io.swagger.v3.oas.annotations.media.Schema;
import jakarta.validation.Valid;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Size;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Where a group of people should go. */
record GroupQuestion(
        @Schema(example = ExampleIds.USERS, description = "the members, each once")
        @NotNull
        @Size(min = 2, max = GroupRanker.MAX_MEMBERS)
        List<UUID> userIds,

        @Schema(
                example = "least_misery",
                defaultValue = "average",
                description = "average: the mean of the members' scores. least_misery: the unhappiest member's."
                        + " fairness: the mean times 1 minus the Gini coefficient of the scores")
        @Nullable
        GroupStrategy strategy,

        @Schema(example = "10", defaultValue = "10") @Min(1) @Max(GroupQuestion.MAX_LIMIT) @Nullable
        Integer limit,

        @Schema(description = "a venue must pass them for every member") @Valid @Nullable
        FilterFields filters) {

    static final int MAX_LIMIT = 1000;
    static final int DEFAULT_LIMIT = 10;

    GroupStrategy strategyOrDefault() {
        return strategy == null ? GroupStrategy.AVERAGE : strategy;
    }

    int limitOrDefault() {
        return limit == null ? DEFAULT_LIMIT : limit;
    }

    /** The members; refuses one who is named twice with 422. */
    List<UUID> members() {
        Set<UUID> seen = new HashSet<>();
        for (int i = 0; i < userIds.size(); i++) {
            if (!seen.add(userIds.get(i))) {
                throw ProblemException.invalidBody(
                        List.of(new InvalidField("user_ids[" + i + "]", "must name each member once", userIds.get(i))));
            }
        }
        return userIds;
    }
}
