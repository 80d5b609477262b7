package dev.luna.api.runs;

import dev.luna.batch.run.RunKind;
import dev.luna.batch.run.ScoringSettings;
import io.swagger.v3.oas.annotations.media.Schema;
import org.jspecify.annotations.Nullable;

/** What a client asks for; without a kind, everything, and without a profile, as configured. */
// A proposal of every weight would be a profile nobody wants, and Execute starts a run by it.
@Schema(example = "{\"kind\": \"full\"}")
record NewRun(
        @Schema(
                description =
                        "full recomputes everyone, refresh those whose rankings may have changed since the published full run",
                defaultValue = "full")
        @Nullable
        RunKind kind,

        @Schema(
                description =
                        "what this run scores by instead of the configured profile; what is left out stays as configured")
        @Nullable
        ScoringSettings profile,

        @Schema(
                description = "a trial: held when it is complete, until it is published by POST /runs/{run_id}/publish",
                defaultValue = "false")
        @Nullable
        Boolean hold) {

    static final NewRun DEFAULT = new NewRun(null, null, null);

    boolean isTrial() {
        return Boolean.TRUE.equals(hold);
    }
}
