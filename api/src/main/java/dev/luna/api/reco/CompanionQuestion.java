package dev.luna.api.reco;

import dev.luna.api.web.Cursor;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * What is asked about a user's companions.
 *
 * @param venueId where they would go; null for companions in general
 * @param limit most companions to answer, from 1
 * @param runId the kept run whose stored ranking is asked for, as it was; null for the best there is now
 * @param after where the page before ended; null for the first
 */
record CompanionQuestion(
        UUID userId,
        @Nullable UUID venueId,
        int limit,
        @Nullable Long runId,
        @Nullable PageEnd after) implements PagedQuestion {

    /** The same question about the page that follows. */
    CompanionQuestion following(PageEnd end) {
        return new CompanionQuestion(userId, venueId, limit, runId, end);
    }

    @Override
    public char list() {
        return 'c';
    }

    @Override
    public long fingerprint() {
        return Cursor.question(userId, runId, venueId);
    }
}
