package dev.luna.batch.job;

import dev.luna.batch.run.RunLog;
import dev.luna.batch.snapshot.StagedInputsReader;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/**
 * Loads a run's arrays when first asked and keeps them until the run's job ends; one run's at a time, as one run is worked
 * on at a time. Thread-safe: whoever comes second waits for the first one's load.
 */
@Component
class ScoringWorlds {

    private final StagedInputsReader reader;
    private final RunLog runLog;
    private long loadedRunId;
    private @Nullable ScoringWorld loaded;

    ScoringWorlds(StagedInputsReader reader, RunLog runLog) {
        this.reader = reader;
        this.runLog = runLog;
    }

    synchronized ScoringWorld get(long runId) {
        ScoringWorld world = loaded;
        if (world == null || loadedRunId != runId) {
            // The old arrays go before the new ones come.
            loaded = null;
            world = ScoringWorld.of(reader.read(runId), runLog.profile(runId), runLog.settings(runId));
            loaded = world;
            loadedRunId = runId;
        }
        return world;
    }

    synchronized void release(long runId) {
        if (loadedRunId == runId) {
            loaded = null;
        }
    }
}
