package dev.luna.batch.snapshot;

import java.time.Instant;

/**
 * What the snapshot of a refresh run held and what of it is to be ranked anew.
 *
 * @param moment its moment on the database's clock
 * @param visible the transactions it saw, as {@code pg_snapshot}
 * @param users people, ranked anew or not
 * @param venues places
 * @param edges social edges
 * @param carriedChecksum xor of the checksums of all users who keep the base's rows
 */
public record StagedRefresh(Instant moment, String visible, long users, int venues, long edges, long carriedChecksum) {}
