package dev.luna.batch.snapshot;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * What a snapshot held that is staged with its run.
 *
 * @param moment its moment on the database's clock
 * @param visible the transactions it saw, as {@code pg_snapshot}
 * @param users people, of a refresh ranked anew or not
 * @param venues places
 * @param interactions rows, before they are summed per user and venue; null of a refresh, which does not read them all
 * @param edges social edges
 * @param maxLikes denominator of popularity
 * @param carriedChecksum xor of the checksums of the users who keep the rows of a refresh's base; 0 of a full run
 */
public record StagedSnapshot(
        Instant moment,
        String visible,
        long users,
        long venues,
        @Nullable Long interactions,
        long edges,
        long maxLikes,
        long carriedChecksum) {}
