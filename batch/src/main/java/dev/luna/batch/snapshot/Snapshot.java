package dev.luna.batch.snapshot;

import dev.luna.batch.scoring.InteractionMatrix;
import dev.luna.batch.scoring.SocialGraph;
import dev.luna.batch.scoring.VenueCatalog;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * All inputs of a run as of one moment. Users and venues are numbered from 0 in id order.
 *
 * @param moment the moment on the database's clock
 * @param visible the transactions it saw, as PostgreSQL writes a {@code pg_snapshot}
 * @param userIdHigh upper 64 bits of the users' ids by userIndex
 * @param userIdLow lower 64 bits of the users' ids by userIndex
 * @param homeLat latitudes in degrees by userIndex, NaN without a home
 * @param homeLng longitudes in degrees by userIndex, NaN without a home
 * @param catalog the venues
 * @param categories the category of each venue by venueIndex, null without one
 * @param interactionCount interactions before they were summed
 * @param interactions likes and seconds, row = userIndex
 * @param graph social edges, row = userIndex
 */
public record Snapshot(
        Instant moment,
        String visible,
        long[] userIdHigh,
        long[] userIdLow,
        double[] homeLat,
        double[] homeLng,
        VenueCatalog catalog,
        List<@Nullable String> categories,
        long interactionCount,
        InteractionMatrix interactions,
        SocialGraph graph) {

    /** Number of users. */
    public int users() {
        return userIdHigh.length;
    }
}
