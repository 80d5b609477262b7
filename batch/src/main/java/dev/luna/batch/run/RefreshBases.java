package dev.luna.batch.run;

import dev.luna.batch.scoring.ScoringProfile;
import org.springframework.stereotype.Component;

/** Chooses the full run that a new refresh is relative to. Thread-safe. */
@Component
class RefreshBases {

    private final RunStore store;
    private final RunLog runLog;

    RefreshBases(RunStore store, RunLog runLog) {
        this.store = store;
        this.runLog = runLog;
    }

    /**
     * The published run, or its base if it is a refresh itself: refreshes are cumulative. A refresh ranks by the rules of its
     * base, whatever is configured by now; what was configured since counts from the next full run on.
     *
     * @throws RunRefusedException if nothing is published
     */
    Base choose() {
        Run published = store.published()
                .orElseThrow(
                        () -> new RunRefusedException(
                                "There is nothing to refresh: no run is published yet. Start a full run with `luna recompute`"));
        Long base = published.baseRunId();
        long baseId = base == null ? published.id() : base;
        return new Base(baseId, runLog.profile(baseId), runLog.settings(baseId));
    }

    /** A full run and the rules it ranked by. */
    record Base(long runId, ScoringProfile profile, RunSettings settings) {}
}
