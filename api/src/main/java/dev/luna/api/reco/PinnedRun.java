package dev.luna.api.reco;

import dev.luna.api.web.ProblemException;

/** Reads that stay with one run while others are published. */
final class PinnedRun {

    /** Stands for no run at all, which is what answered before the first. */
    static final long NONE = 0;

    private PinnedRun() {}

    /** @throws ProblemException 410 when the run of the question's page is not there any more, or the run it names */
    static void requireThere(PagedQuestion question, ReadState seen) {
        Long pinned = question.pinnedRun();
        if (pinned == null || pinned == NONE || seen.runId() != null) {
            return;
        }
        throw ProblemException.gone(
                question.after() == null
                        ? "Run " + pinned + " is not kept; GET /runs lists those that are"
                        : "The ranking that this cursor pages through, run " + pinned
                                + "'s, is not kept any more; begin again without a cursor");
    }
}
