package dev.luna.api.reco;

import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** What is asked about a ranking that is read in pages, all of one run. */
interface PagedQuestion {

    UUID userId();

    /** Most entries to answer, from 1. */
    int limit();

    /** The kept run whose stored ranking is asked for, as it was; null for the best there is now. */
    @Nullable
    Long runId();

    /** Where the page before ended; null for the first. */
    @Nullable
    PageEnd after();

    /** Tag of this kind of list in cursors. */
    char list();

    /** What a cursor of this question belongs to: everything asked but how long pages are. */
    long fingerprint();

    /** The run to read; null for the published one. */
    default @Nullable Long pinnedRun() {
        PageEnd end = after();
        return end == null ? runId() : Long.valueOf(end.runId());
    }

    /** The rank of the page's first entry. */
    default int firstRank() {
        PageEnd end = after();
        return end == null ? 1 : end.rank() + 1;
    }
}
