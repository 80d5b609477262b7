package dev.luna.batch.snapshot;

import java.time.Instant;

/**
 * A snapshot that is staged with its run.
 *
 * @param moment the moment on the database's clock
 * @param visible the transactions it saw, as PostgreSQL writes a {@code pg_snapshot}
 * @param interactions rows, before they were summed per user and venue
 * @param edges social edges
 * @param inputs what was staged, at hand
 */
public record StagedSnapshot(Instant moment, String visible, long interactions, long edges, StagedInputs inputs) {}
