package dev.luna.api.runs;

import dev.luna.batch.run.RunKind;
import io.swagger.v3.oas.annotations.media.Schema;
import org.jspecify.annotations.Nullable;

/** What a client asks for; without a kind, everything. */
record NewRun(
        @Schema(
                description =
                        "full recomputes everyone, refresh those whose rankings may differ since the last full run",
                defaultValue = "full")
        @Nullable
        RunKind kind) {

    RunKind kindOrDefault() {
        return kind == null ? RunKind.FULL : kind;
    }
}
