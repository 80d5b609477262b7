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
        InteractionMatrix own = interactions(packed, venueCount, rows, row -> first + row);

        int[] edgeOffsets = new int[rows + 1];
        for (int row = 0; row < rows; row++) {
            edgeOffsets[row + 1] = Math.addExact(edgeOffsets[row], packed.friends(first + row));
        }
        int[] friend = new int[edgeOffsets[rows]];
        double[] strength = new double[edgeOffsets[rows]];
        for (int row = 0; row < rows; row++) {
            packed.copyFriends(first + row, friend, strength, edgeOffsets[row]);
        }
        FriendRows friendRows = new FriendRows();
        for (int user : friend) {
            friendRows.add(user);
        }
        return new BlockInputs(
                first,
                Arrays.copyOfRange(inputs.homeLat(), first, end),
                Arrays.copyOfRange(inputs.homeLng(), first, end),
                own,
                SocialGraph.of(inputs.users(), edgeOffsets, friend, strength),
                interactions(packed, venueCount, friendRows.size(), row -> inputs.positionOf()[friendRows.user(row)]),
                friendRows);
    }

    private static InteractionMatrix interactions(
            PackedInputs packed, int venueCount, int rows, IntUnaryOperator positionOfRow) {
        int[] offsets = new int[rows + 1];
        for (int row = 0; row < rows; row++) {
            offsets[row + 1] = Math.addExact(offsets[row], packed.venues(positionOfRow.applyAsInt(row)));
        }
        int entries = offsets[rows];
        int[] venue = new int[entries];
        int[] likes = new int[entries];
        int[] seconds = new int[entries];
        for (int row = 0; row < rows; row++) {
            packed.copyVenues(positionOfRow.applyAsInt(row), venue, likes, seconds, offsets[row]);
        }
        return InteractionMatrix.of(venueCount, offsets, venue, likes, seconds);
    }
}
