package dev.luna.api.interactions;

import io.swagger.v3.oas.annotations.media.Schema;

/** What became of a batch. */
record RecordedInteractions(
        @Schema(example = "10000", description = "all of the batch")
        int recorded) {}
