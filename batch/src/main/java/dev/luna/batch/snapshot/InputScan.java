package dev.luna.batch.snapshot;

import dev.luna.batch.database.BinaryCopyReader;
import dev.luna.batch.database.SideBySide;
import dev.luna.batch.scoring.InteractionType;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Queue;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.BooleanSupplier;
import java.util.stream.Collectors;

/**
 * Reads the two large tables of a snapshot, several ranges of pages side by side, and deals their rows out to buckets of
 * neighbouring positions. Sums and sorts come later, bucket by bucket; so which thread meets which row first has no
 * influence on any result. Inner loops are methods of their own, so that the first batches already run compiled.
 */
final class InputScan {

    /** Position, venueIndex, dwell as {@link InteractionCollector} takes it. */
    static final int INTERACTION_BYTES = 12;

    /** Position, userIndex of the friend, strength. */
    static final int EDGE_BYTES = 16;

    /** Ranges per thread and table, so that threads end at about the same time. */
    private static final int RANGES_PER_THREAD = 8;

    /** Rows looked up side by side; the arrays of a batch stay in the first-level cache. */
    private static final int BATCH = 256;

    private static final String INTERACTIONS = "user_venue_interactions";
    private static final String EDGES = "user_social_edges";

    private final UuidIndex users;
    private final UuidIndex venues;
    private final int[] positionOf;
    private final int bucketBits;
    private final Set<InteractionType> positiveTypes;
    private final Spill interactions;
    private final Spill edges;

    /**
     * @param positionOf position of each userIndex
     * @param buckets how the positions are dealt out
     * @param interactions takes {@link #INTERACTION_BYTES} a record
     * @param edges takes {@link #EDGE_BYTES} a record
     */
    InputScan(
            UuidIndex users,
            UuidIndex venues,
            int[] positionOf,
            Buckets buckets,
            Set<InteractionType> positiveTypes,
            Spill interactions,
            Spill edges) {
        this.users = users;
        this.venues = venues;
        this.positionOf = positionOf;
        this.bucketBits = buckets.bits();
        this.positiveTypes = positiveTypes;
        this.interactions = interactions;
        this.edges = edges;
    }

    /** An interaction's dwell in SQL, as {@link InteractionCollector} takes it. */
    static String dwell(Set<InteractionType> positiveTypes) {
        // COPY takes no parameters, and these are names of an enum.
        String literals = positiveTypes.stream()
                .map(type -> "'" + type.name().toLowerCase(Locale.ROOT) + "'")
                .collect(Collectors.joining(", "));
        return "case when interaction_type in (%s) then coalesce(dwell_time, 0) else -1 - coalesce(dwell_time, 0) end"
                .formatted(literals);
    }

    /** Rows read. */
    record Total(long interactions, long edges) {}

    private record Range(String table, String pages) {}

    /**
     * Reads everything, on one thread per connection.
     *
     * @param stopped asked now and then; when it says true, reading ends with {@link StoppedException}
     */
    Total read(List<Connection> connections, StopRequest stopped) throws SQLException, IOException {
        Queue<Range> ranges = new ConcurrentLinkedQueue<>();
        ranges.addAll(ranges(connections.get(0), INTERACTIONS, connections.size()));
        ranges.addAll(ranges(connections.get(0), EDGES, connections.size()));
        List<Total> totals = SideBySide.each(
                connections,
                "luna-snapshot-",
                (connection, failed) -> read(connection, ranges, () -> {
                    stopped.endIfAsked("reading the snapshot");
                    return failed.getAsBoolean();
                }));
        return new Total(
                totals.stream().mapToLong(Total::interactions).sum(),
                totals.stream().mapToLong(Total::edges).sum());
    }

    /** Pages that appear after the snapshot hold nothing it sees. */
    private static List<Range> ranges(Connection connection, String table, int threads) throws SQLException {
        long pages = Counts.pages(connection, table);
        long parts = Math.max(1, Math.min(pages / 64, (long) threads * RANGES_PER_THREAD));
        List<Range> ranges = new ArrayList<>();
        for (long part = 0; part < parts; part++) {
            ranges.add(new Range(
                    table,
                    "ctid >= '(%s,0)' and ctid < '(%s,0)'"
                            .formatted(pages * part / parts, pages * (part + 1) / parts)));
        }
        return ranges;
    }

    private Total read(Connection connection, Queue<Range> ranges, BooleanSupplier ended)
            throws SQLException, IOException {
        Spill.Writer toInteractions = interactions.newWriter();
        Spill.Writer toEdges = edges.newWriter();
        for (Range range = ranges.poll(); range != null && !ended.getAsBoolean(); range = ranges.poll()) {
            if (range.table.equals(INTERACTIONS)) {
                readInteractions(connection, range.pages, toInteractions, ended);
            } else {
                readEdges(connection, range.pages, toEdges, ended);
            }
        }
        return new Total(toInteractions.finish(), toEdges.finish());
    }

    private void readInteractions(Connection connection, String pages, Spill.Writer to, BooleanSupplier ended)
            throws SQLException, IOException {
        IdBatch batch = new IdBatch();
        int[] dwell = new int[BATCH];
        try (BinaryCopyReader rows = BinaryCopyReader.open(
                connection,
                "select user_id, venue_id, %s from user_venue_interactions where %s"
                        .formatted(dwell(positiveTypes), pages))) {
            do {
                receive(rows, batch, dwell);
                batch.find(users, venues, "venue");
                deal(batch, dwell, to);
            } while (batch.size == BATCH && !ended.getAsBoolean());
        }
    }

    private static void receive(BinaryCopyReader rows, IdBatch batch, int[] dwell) throws SQLException {
        for (batch.size = 0; batch.size < BATCH && rows.next(); batch.size++) {
            batch.receiveIds(rows);
            dwell[batch.size] = rows.int4();
        }
    }

    private void deal(IdBatch batch, int[] dwell, Spill.Writer to) throws IOException {
        for (int i = 0; i < batch.size; i++) {
            int position = batch.position[i];
            to.next(position >>> bucketBits)
                    .putInt(position)
                    .putInt(batch.other[i])
                    .putInt(dwell[i]);
        }
    }

    private void readEdges(Connection connection, String pages, Spill.Writer to, BooleanSupplier ended)
            throws SQLException, IOException {
        IdBatch batch = new IdBatch();
        double[] strength = new double[BATCH];
        try (BinaryCopyReader rows = BinaryCopyReader.open(
                connection, "select user_id, other_user_id, strength from user_social_edges where " + pages)) {
            do {
                receive(rows, batch, strength);
                batch.find(users, users, "user");
                deal(batch, strength, to);
            } while (batch.size == BATCH && !ended.getAsBoolean());
        }
    }

    private static void receive(BinaryCopyReader rows, IdBatch batch, double[] strength) throws SQLException {
        for (batch.size = 0; batch.size < BATCH && rows.next(); batch.size++) {
            batch.receiveIds(rows);
            strength[batch.size] = rows.float8();
        }
    }

    private void deal(IdBatch batch, double[] strength, Spill.Writer to) throws IOException {
        for (int i = 0; i < batch.size; i++) {
            int position = batch.position[i];
            to.next(position >>> bucketBits)
                    .putInt(position)
                    .putInt(batch.other[i])
                    .putDouble(strength[i]);
        }
    }

    /** The ids of some rows and what they stand for: the user's position, and the index of the other one. */
    private final class IdBatch {

        final int[] position = new int[BATCH];
        final int[] other = new int[BATCH];
        private final long[] userIds = new long[2 * BATCH];
        private final long[] otherIds = new long[2 * BATCH];
        int size;

        /** Takes the first two fields of the row: the user and the other one. */
        void receiveIds(BinaryCopyReader rows) throws SQLException {
            rows.uuid(userIds, size);
            rows.uuid(otherIds, size);
        }

        void find(UuidIndex first, UuidIndex second, String what) {
            first.findAll(userIds, size, position);
            requireFound("user", userIds, position);
            for (int row = 0; row < size; row++) {
                position[row] = positionOf[position[row]];
            }
            second.findAll(otherIds, size, other);
            requireFound(what, otherIds, other);
        }

        private void requireFound(String what, long[] ids, int[] found) {
            for (int row = 0; row < size; row++) {
                if (found[row] < 0) {
                    throw new IllegalStateException("a row refers to the %s %s, which the snapshot does not have; %s"
                            .formatted(
                                    what,
                                    new UUID(ids[2 * row], ids[2 * row + 1]),
                                    "its foreign key was not enforced when it was loaded"));
                }
            }
        }
    }

    /** Sums the interactions of a bucket; row = position - first. */
    InteractionCollector collectInteractions(int bucket, int first, int end, int venueCount) throws IOException {
        InteractionCollector collector = new InteractionCollector(end - first, venueCount);
        interactions.read(bucket, records -> {
            while (records.hasRemaining()) {
                int row = records.getInt() - first;
                int venue = records.getInt();
                collector.add(row, venue, records.getInt());
            }
        });
        return collector;
    }

    /** Orders the edges of a bucket; row = position - first. */
    EdgeCollector collectEdges(int bucket, int first, int end) throws IOException {
        EdgeCollector collector = new EdgeCollector(end - first);
        edges.read(bucket, (ByteBuffer records) -> {
            while (records.hasRemaining()) {
                collector.add(records.getInt() - first, records.getInt(), records.getDouble());
            }
        });
        return collector;
    }
}
