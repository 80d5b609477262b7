package dev.luna.api.reco;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * What never changes about the run that was published when it was last read.
 *
 * @param baseRunId the full run that it refreshes; null for a full run
 * @param snapshot which transactions it saw, PostgreSQL's text of a {@code pg_snapshot}
 * @param snapshotAt the moment of that snapshot
 */
record KnownRun(long runId, @Nullable Long baseRunId, String snapshot, Instant snapshotAt) {}
