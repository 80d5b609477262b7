package dev.luna.batch.snapshot;

import dev.luna.batch.scoring.InteractionMatrix;
import dev.luna.batch.scoring.SocialGraph;
import java.util.Arrays;
import java.util.function.IntUnaryOperator;

/**
 * All that scoring the users of one block takes, gathered in arrays of its own. Row = position - first. Time and memory:
 * proportional to the interactions and friends of the block's users and the interactions of those friends, each once.
 *
 * @param first position of row 0
 * @param homeLat latitudes in degrees by row, NaN without a home
 * @param homeLng longitudes in degrees by row, NaN without a home
 * @param own the users' interactions by row
 * @param graph social edges by row; friend = userIndex
 * @param ofFriends the friends' interactions
 * @param friendRow row of {@code ofFriends} of a friend's userIndex
 */
public record BlockInputs(
        int first,
        double[] homeLat,
        double[] homeLng,
        InteractionMatrix own,
        SocialGraph graph,
        InteractionMatrix ofFriends,
        IntUnaryOperator friendRow) {

    static BlockInputs gather(StagedInputs inputs, int first, int end) {
        PackedInputs packed = inputs.packed();
        int rows = end - first;
        int venueCount = inputs.catalog().size();
        int[] positions = new int[rows];
        for (int row = 0; row < rows; row++) {
            positions[row] = first + row;
        }
        SocialGraph graph = packed.friendsOf(positions, inputs.users());
        FriendRows friendRows = FriendRows.of(graph);
        return new BlockInputs(
                first,
                Arrays.copyOfRange(inputs.homeLat(), first, end),
                Arrays.copyOfRange(inputs.homeLng(), first, end),
                packed.venuesOf(positions, venueCount),
                graph,
                packed.venuesOf(friendRows.positions(inputs.positionOf()), venueCount),
                friendRows);
    }
}
