package dev.luna.batch.snapshot;

import dev.luna.batch.database.BinaryCopyWriter;
import dev.luna.batch.database.RunTables;
import dev.luna.batch.scoring.InteractionMatrix;
import dev.luna.batch.scoring.SocialGraph;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.sql.Connection;
import java.sql.SQLException;

/** Writes venues and users to a run's tables by COPY, on the connection's transaction. Not thread-safe. */
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

    void writeVenues(SnapshotVenues venues) throws SQLException {
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
                rows.int4(venues.likes()[venue]);
            }
            rows.finish();
        }
    }

    /**
     * Writes all users in scoring order, to the run's table and to {@code packed}, and counts their likes into those of
     * {@code venues}.
     *
     * @throws StoppedException if {@code stopped} says true
     */
    void writeInputs(
            InputScan scan,
            Buckets buckets,
            SnapshotUsers users,
            int[] userIndexAt,
            SnapshotVenues venues,
            PackedInputs.Builder packed,
            StopRequest stopped)
            throws SQLException, IOException {
        try (BinaryCopyWriter rows = openInputs()) {
            for (int bucket = 0; bucket < buckets.count(); bucket++) {
                stopped.endIfAsked("reading the snapshot");
                int first = bucket * buckets.size();
                int end = Math.min(userIndexAt.length, first + buckets.size());
                InteractionMatrix interactions = scan.collectInteractions(bucket, first, end, venues.size())
                        .build();
                SocialGraph graph = scan.collectEdges(bucket, first, end).build(users.size());
                addLikes(interactions, venues.likes());
                for (int position = first; position < end; position++) {
                    int user = userIndexAt[position];
                    ByteBuffer packedVenues = packing.venues(interactions, position - first);
                    ByteBuffer friends = packing.friends(graph, position - first);
                    writeInput(
                            rows,
                            position,
                            user,
                            users.ids().high(user),
                            users.ids().low(user),
                            users.homeLat()[user],
                            users.homeLng()[user],
                            packedVenues,
                            friends);
                    packed.add(packedVenues, friends);
                }
            }
            rows.finish();
        }
    }

    /** Opens the run's table of inputs for {@link #writeInput}. */
    BinaryCopyWriter openInputs() throws SQLException {
        return BinaryCopyWriter.open(
                connection,
                tables.inputs(),
                "run_id",
                "position",
                "user_no",
                "user_id",
                "home_lat",
                "home_lng",
                "venues",
                "friends");
    }

    /**
     * Writes one user.
     *
     * @param homeLat NaN without a home
     * @param homeLng NaN without a home
     * @param venues the array of what he had to do with venues, packed, up to its limit
     * @param friends his edges likewise
     */
    void writeInput(
            BinaryCopyWriter rows,
            int position,
            int userIndex,
            long idHigh,
            long idLow,
            double homeLat,
            double homeLng,
            ByteBuffer venues,
            ByteBuffer friends)
            throws SQLException {
        rows.startRow();
        rows.int8(tables.runId());
        rows.int4(position);
        rows.int4(userIndex);
        rows.uuid(idHigh, idLow);
        rows.float8OrNull(homeLat);
        rows.float8OrNull(homeLng);
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
