package dev.luna.batch.snapshot;

import dev.luna.batch.scoring.SocialGraph;
import dev.luna.batch.scoring.UserNumbering;
import dev.luna.batch.scoring.UuidArray;
import dev.luna.batch.scoring.VenueCatalog;
import java.util.Arrays;
import java.util.stream.IntStream;

/**
 * A run's staged inputs. Positions are places in scoring order, userIndexes places in id order. What grows with
 * interactions and edges is gathered per block ({@link #block}) and never all in memory. Immutable and thread-safe; the
 * arrays must not be changed. Heap: about 50 bytes a user and 64 a venue.
 */
public final class StagedInputs {

    private final VenueCatalog catalog;
    private final UuidArray userIds;
    private final int[] userIndexAt;
    private final int[] positionOf;
    private final double[] homeLat;
    private final double[] homeLng;
    private final PackedInputs packed;

    /**
     * @param userIndexAt userIndex by position
     * @param positionOf position by userIndex
     * @param homeLat latitudes in degrees by position, NaN without a home
     * @param homeLng longitudes in degrees by position, NaN without a home
     * @param packed rows by position
     */
    StagedInputs(
            VenueCatalog catalog,
            UuidArray userIds,
            int[] userIndexAt,
            int[] positionOf,
            double[] homeLat,
            double[] homeLng,
            PackedInputs packed) {
        this.catalog = catalog;
        this.userIds = userIds;
        this.userIndexAt = userIndexAt;
        this.positionOf = positionOf;
        this.homeLat = homeLat;
        this.homeLng = homeLng;
        this.packed = packed;
    }

    /** The venues. */
    public VenueCatalog catalog() {
        return catalog;
    }

    /** Number of users. */
    public int users() {
        return userIndexAt.length;
    }

    /** Ids by userIndex. */
    public UuidArray userIds() {
        return userIds;
    }

    /** The userIndex at a position. */
    public int userIndexAt(int position) {
        return userIndexAt[position];
    }

    /** All that scoring the users at positions {@code first} (inclusive) to {@code end} (exclusive) takes. */
    public BlockInputs block(int first, int end) {
        int[] positions = IntStream.range(first, end).toArray();
        SocialGraph graph = packed.friendsOf(positions, users());
        UserNumbering friends = new UserNumbering(1024);
        for (int edge = 0; edge < graph.edges(); edge++) {
            friends.add(graph.friend(edge));
        }
        int[] friendPositions = IntStream.range(0, friends.size())
                .map(row -> positionOf[friends.user(row)])
                .toArray();
        return new BlockInputs(
                Arrays.copyOfRange(homeLat, first, end),
                Arrays.copyOfRange(homeLng, first, end),
                packed.venuesOf(positions, catalog.size()),
                graph,
                packed.venuesOf(friendPositions, catalog.size()),
                friends);
    }
}
