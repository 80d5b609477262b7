package dev.luna.batch.run;

import dev.luna.batch.scoring.ScoringProfile;
import java.util.ArrayList;
import java.util.List;
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
     * The published run, or its base if it is a refresh itself: refreshes are cumulative.
     *
     * @throws RunRefusedException if nothing is published, or the new run would rank by other rules than the base
     */
    long choose(ScoringProfile profile, RunSettings settings) {
        Run published = store.published()
                .orElseThrow(
                        () -> new RunRefusedException(
                                "There is nothing to refresh: no run is published yet. Start a full run with `luna recompute`"));
        Long base = published.baseRunId();
        long baseId = base == null ? published.id() : base;
        List<String> different = new ArrayList<>(runLog.settings(baseId).differences(settings));
        if (!runLog.profile(baseId).equals(profile)) {
            different.add("the scoring profile");
        }
        if (!different.isEmpty()) {
            throw new RunRefusedException(
                    "A refresh ranks as run %d did, but since then another value was set for %s. Start a full run with `luna recompute`"
                            .formatted(baseId, String.join(", ", different)));
        }
        return baseId;
    }
}
