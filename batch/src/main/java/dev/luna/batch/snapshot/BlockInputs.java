package dev.luna.batch.snapshot;

import dev.luna.batch.scoring.InteractionMatrix;
import dev.luna.batch.scoring.SocialGraph;
import java.util.function.IntUnaryOperator;

/**
 * All that scoring the users of one block takes, gathered in arrays of its own; row 0 is the first of them. Time and memory:
 * proportional to the interactions and friends of the block's users and the interactions of those friends, each once.
 *
 * @param homeLat latitudes in degrees by row, NaN without a home
 * @param homeLng longitudes in degrees by row, NaN without a home
 * @param own the users' interactions by row
 * @param graph social edges by row; friend = userIndex
 * @param ofFriends the friends' interactions
 * @param friendRow row of {@code ofFriends} of a friend's userIndex
 */
public record BlockInputs(
        double[] homeLat,
        double[] homeLng,
        InteractionMatrix own,
        SocialGraph graph,
        InteractionMatrix ofFriends,
        IntUnaryOperator friendRow) {}
