package dev.luna.batch.snapshot;

import dev.luna.batch.database.BinaryCopyReader;
import dev.luna.batch.database.BinaryCopyWriter;
import dev.luna.batch.database.RunTables;
import dev.luna.batch.scoring.UuidArray;
import java.nio.ByteBuffer;
import java.sql.Connection;
import java.sql.SQLException;

/** Stores with a refresh run what was found for it, in the packed rows of full runs. Streams; one thread. */
final class RefreshWriter {

    private static final int ENTRY_BYTES = PackedInputs.ENTRY_BYTES;

    private final Connection source;
    private final Connection target;
    private final RunTables tables;
    private final StagingWriter staging;

    /**
     * @param source the snapshot's connection, with the tables of {@link RefreshPlaces}
     * @param target the connection that the run's storage is written on
     */
    RefreshWriter(Connection source, Connection target, RunTables tables) {
        this.source = source;
        this.target = target;
        this.tables = tables;
        this.staging = new StagingWriter(target, tables);
    }

    /**
     * Stores the inputs of all involved users and returns the number of edges among them. What those had to do with venues
     * who did not change stands in the base, by its numbers.
     */
    int writeInputs(ChangedUsers changed, RefreshVenues venues, RefreshPlaces places, RunTables base)
            throws SQLException {
        int edges = 0;
        long[] id = new long[2];
        try (BinaryCopyReader from = BinaryCopyReader.open(source, """
                        select p.position, p.user_no, p.user_id, coalesce(f.friends, ''::bytea), coalesce(p.changed_no, -1), b.venues
                        from involved p
                        left join %s b on p.changed_no is null and b.user_id = p.user_id
                        left join (
                          select e.user_id,
                                 string_agg(int4send(o.user_no) || float8send(e.strength), ''::bytea order by o.user_no)
                                   as friends
                          from refresh_edge e
                          join involved o on o.user_id = e.other_user_id
                          group by e.user_id) f on f.user_id = p.user_id
                        """.formatted(base.inputs()));
                BinaryCopyWriter to = staging.openInputs()) {
            while (from.next()) {
                int position = from.int4();
                int user = from.int4();
                from.uuid(id);
                ByteBuffer friends = ByteBuffer.wrap(from.bytea());
                int changedNumber = from.int4();
                staging.writeInput(
                        to,
                        position,
                        user,
                        id[0],
                        id[1],
                        places.homeLat(position),
                        places.homeLng(position),
                        changedNumber >= 0
                                ? ByteBuffer.wrap(changed.packedVenues(changedNumber))
                                : renumbered(from, venues),
                        friends);
                edges += friends.limit() / ENTRY_BYTES;
            }
            to.finish();
        }
        return edges;
    }

    private static ByteBuffer renumbered(BinaryCopyReader from, RefreshVenues venues) throws SQLException {
        ByteBuffer packed = ByteBuffer.wrap(from.bytea());
        for (int at = 0; !venues.same() && at < packed.limit(); at += ENTRY_BYTES) {
            int number = venues.numberOf(packed.getInt(at));
            if (number < 0) {
                throw new IllegalStateException(
                        "somebody was at a venue that is gone, but is not recorded as changed. Start a full run with `luna recompute`");
            }
            packed.putInt(at, number);
        }
        return packed;
    }

    /** Stores an empty ranking for every user who is gone. */
    void writeGone(UuidArray gone) throws SQLException {
        try (BinaryCopyWriter to =
                BinaryCopyWriter.open(target, tables.venueRankings(), "run_id", "user_id", "ranking")) {
            for (int user = 0; user < gone.size(); user++) {
                to.startRow();
                to.int8(tables.runId());
                to.uuid(gone.high(user), gone.low(user));
                to.bytea(new byte[0]);
            }
            to.finish();
        }
    }
}
