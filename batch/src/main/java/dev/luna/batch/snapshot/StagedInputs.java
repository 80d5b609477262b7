package dev.luna.batch.snapshot;

import dev.luna.batch.scoring.InteractionMatrix;
import dev.luna.batch.scoring.SocialGraph;
import dev.luna.batch.scoring.VenueCatalog;
import java.util.function.IntUnaryOperator;

/**
 * A run's staged inputs. Rows of homes, interactions and graph are positions (scoring order); friends and ids are by
 * userIndex (id order). Immutable and thread-safe; the arrays must not be changed. Memory: about 48 bytes a user, 64 a
 * venue, 12 a pair of user and venue, 12 an edge.
 *
 * @param catalog the venues
 * @param homeLat latitudes in degrees by position, NaN without a home
 * @param homeLng longitudes in degrees by position, NaN without a home
 * @param interactions likes and seconds, row = position
 * @param graph social edges, row = position, friend = userIndex
 * @param userIndexAt the userIndex at each position
 * @param positionOf the position of each userIndex
 * @param userIdHigh upper 64 bits of the ids by userIndex
 * @param userIdLow lower 64 bits of the ids by userIndex
 */
public record StagedInputs(
        VenueCatalog catalog,
        double[] homeLat,
        double[] homeLng,
        InteractionMatrix interactions,
        SocialGraph graph,
        int[] userIndexAt,
        int[] positionOf,
        long[] userIdHigh,
        long[] userIdLow) {

    /** Number of users. */
    public int users() {
        return userIndexAt.length;
    }

    /** Row of {@link #interactions} of a userIndex. */
    public IntUnaryOperator interactionRow() {
        return userIndex -> positionOf[userIndex];
    }
}
