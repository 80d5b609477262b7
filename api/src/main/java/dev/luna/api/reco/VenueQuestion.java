package dev.luna.api.reco;

import dev.luna.api.web.Cursor;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * What is asked about a user's venues.
 *
 * @param limit most venues to answer, from 1
 * @param explains whether each venue comes with its facts
 * @param runId the kept run whose stored ranking is asked for, as it was; null for the best there is now
 * @param after where the page before ended; null for the first
 */
record VenueQuestion(
        UUID userId,
        VenueFilter filter,
        int limit,
        boolean explains,
        @Nullable Long runId,
        @Nullable PageEnd after) implements PagedQuestion {

    /** The same question about the page that follows. */
    VenueQuestion following(PageEnd end) {
        return new VenueQuestion(userId, filter, limit, explains, runId, end);
    }

    @Override
    public char list() {
        return 'r';
    }

    @Override
    public long fingerprint() {
        return Cursor.question(userId, runId, filter.parts());
    }
}
