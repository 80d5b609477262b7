package dev.luna.api.reco;

import dev.luna.api.web.ProblemException;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** Reads that stay with one run while others are published. */
final class PinnedRun {

    /** Stands for no run at all, which is what answered before the first. */
    static final long NONE = 0;

    private PinnedRun() {}

    /**
     * What is known of a run whose rankings cannot be read.
     *
     * @param state as the database writes it
     * @param droppedAt when its rankings were dropped; null while they are kept
     */
    record Status(String state, @Nullable Instant droppedAt) {}

    /**
     * @throws ProblemException 410 when the run of the question's page is not there any more, or it is of before the first
     *     and there is one; when the run that it names was dropped. 404 when there never was such a run, 409 when it is not
     *     complete
     */
    static void requireThere(PagedQuestion question, ReadState seen, PublishedReads reads) {
        Long pinned = question.pinnedRun();
        if (pinned == null || seen.runId() != null) {
            return;
        }
        if (pinned == NONE) {
            // Each of its pages reads all venues and what everybody likes, which only the time before a run is worth.
            Long published = reads.state().runId();
            if (published != null) {
                throw ProblemException.gone(
                        "The ranking that this cursor pages through is of before the first run, and run " + published
                                + " is published; begin again without a cursor");
            }
            return;
        }
        throw question.after() == null
                ? reads.status(pinned)
                        .map(status -> unreadable(pinned, status))
                        .orElseGet(() -> ProblemException.notFound(
                                "There is no run " + pinned + "; GET /runs lists those there are"))
                : ProblemException.gone("The ranking that this cursor pages through, run " + pinned
                        + "'s, is not kept any more; begin again without a cursor");
    }

    private static ProblemException unreadable(long runId, Status status) {
        String run = "Run " + runId + " is ";
        if (status.droppedAt() != null) {
            return ProblemException.gone(run + "not kept: its rankings were dropped at " + status.droppedAt()
                    + "; GET /runs lists the runs there are");
        }
        return ProblemException.conflict(
                switch (status.state()) {
                    case "held" ->
                        run + "held back by the gate, so nobody reads it; GET /runs/" + runId + " says why, POST /runs/"
                                + runId + "/publish?force=true publishes it anyway";
                    case "stopped", "failed" ->
                        run + status.state() + " and its rankings are not complete; GET /runs/" + runId
                                + " says what to do";
                    // One that has been completed in between, too.
                    default -> run + "running; its rankings can be read when it is complete, see GET /runs/" + runId;
                });
    }
}
