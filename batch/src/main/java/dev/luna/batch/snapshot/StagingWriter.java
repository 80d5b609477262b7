package dev.luna.batch.snapshot;

import dev.luna.batch.database.BinaryCopyWriter;
import dev.luna.batch.database.RunTables;
import dev.luna.batch.scoring.InteractionMatrix;
import dev.luna.batch.scoring.SocialGraph;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.sql.Connection;
import java.sql.SQLException;

/** Writes a snapshot to its run's tables by COPY, on the connection's transaction. Not thread-safe. */
final class StagingWriter {

    private final Connection connection;
    private final RunTables tables;
    private final PackedRows packing = new PackedRows();

    StagingWriter(Connection connection, RunTables tables) {
        this.connection = connection;
        this.tables = tables;
    }

    RunTables tables() {
        return tables;
    }

    void writeVenues(SnapshotVenues venues, int[] likes) throws SQLException {
        try (BinaryCopyWriter rows = BinaryCopyWriter.open(
                connection, tables.venues(), "run_id", "venue_no", "venue_id", "category", "lat", "lng", "likes")) {
            for (int venue = 0; venue < venues.size(); venue++) {
                rows.startRow();
                rows.int8(tables.runId());
                rows.int4(venue);
                rows.uuid(venues.ids().high(venue), venues.ids().low(venue));
                String category = venues.categories().get(venue);
                if (category == null) {
                    rows.nullValue();
                } else {
                    rows.text(category);
                }
                rows.float8(venues.lat()[venue]);
                rows.float8(venues.lng()[venue]);
                rows.int4(likes[venue]);
            }
            rows.finish();
        }
    }

    /**
     * Writes all users in scoring order, to the run's table and to {@code packed}.
     *
     * @return likes by venueIndex
     * @throws StoppedException if {@code stopped} says true
     */
    int[] writeInputs(
            InputScan scan,
            Buckets buckets,
            SnapshotUsers users,
            int[] userIndexAt,
            int venueCount,
            PackedInputs.Builder packed,
            StopRequest stopped)
            throws SQLException, IOException {
        int[] likes = new int[venueCount];
        try (BinaryCopyWriter rows = BinaryCopyWriter.open(
                connection,
                tables.inputs(),
                "run_id",
                "position",
                "user_no",
                "user_id",
                "home_lat",
                "home_lng",
                "venues",
                "friends")) {
            for (int bucket = 0; bucket < buckets.count(); bucket++) {
                stopped.endIfAsked("reading the snapshot");
                int first = bucket * buckets.size();
                int end = Math.min(userIndexAt.length, first + buckets.size());
                InteractionMatrix interactions =
                        scan.collectInteractions(bucket, first, end, venueCount).build();
                SocialGraph graph = scan.collectEdges(bucket, first, end).build(users.size());
                addLikes(interactions, likes);
                for (int position = first; position < end; position++) {
                    ByteBuffer venues = packing.venues(interactions, position - first);
                    ByteBuffer friends = packing.friends(graph, position - first);
                    writeUser(rows, users, position, userIndexAt[position], venues, friends);
                    packed.add(venues, friends);
                }
            }
            rows.finish();
        }
        return likes;
    }

    private void writeUser(
            BinaryCopyWriter rows, SnapshotUsers users, int position, int user, ByteBuffer venues, ByteBuffer friends)
            throws SQLException {
        rows.startRow();
        rows.int8(tables.runId());
        rows.int4(position);
        rows.int4(user);
        rows.uuid(users.ids().high(user), users.ids().low(user));
        rows.float8OrNull(users.homeLat()[user]);
        rows.float8OrNull(users.homeLng()[user]);
        rows.bytea(venues.array(), 0, venues.limit());
        rows.bytea(friends.array(), 0, friends.limit());
    }

    private static void addLikes(InteractionMatrix interactions, int[] likes) {
        for (int entry = 0; entry < interactions.entries(); entry++) {
            int venue = interactions.venue(entry);
            likes[venue] = Math.addExact(likes[venue], interactions.likes(entry));
        }
    }
}
