package dev.luna.batch.snapshot;

import dev.luna.batch.database.BinaryCopyReader;
import dev.luna.batch.database.RunTables;
import dev.luna.batch.scoring.InteractionMatrix;
import dev.luna.batch.scoring.InteractionType;
import dev.luna.batch.scoring.UuidArray;
import dev.luna.batch.scoring.VenueCatalog;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Set;
import org.springframework.jdbc.core.simple.JdbcClient;

/**
 * The users whose own inputs changed since the base, gone ones included, with what they had to do with venues by now and
 * what of that is new to their friends. They are numbered from 0 in id order, in a temporary table of the connection:
 *
 * <pre>
 * refresh_changed   user_id, changed_no
 * </pre>
 *
 * Their interactions are summed some thousand users at a time and kept in a scratch file. Heap: some 60 bytes a user, and
 * less than 1 MB a thousand users at the peak. Not thread-safe.
 */
final class ChangedUsers {

    private static final ByteBuffer NOTHING = ByteBuffer.allocate(0).asReadOnlyBuffer();

    private final PackedInputs packed;
    private final TasteChange[] tastes;

    private ChangedUsers(PackedInputs packed, TasteChange[] tastes) {
        this.packed = packed;
        this.tastes = tastes;
    }

    /** Where they are read from and what they are compared with. */
    record Source(
            Connection connection, JdbcClient jdbc, RunTables base, VenueCatalog baseCatalog, RefreshVenues venues) {}

    /**
     * Reads them, inside the snapshot of the connection.
     *
     * @param visible the transactions that the base saw
     * @param positiveTypes interactions that count as likes
     * @param bucketUsers so many of them are read and compared at a time
     * @param scratch directory of the scratch file
     * @throws StoppedException if {@code stopped} says true
     */
    static ChangedUsers read(
            Source source,
            String visible,
            Set<InteractionType> positiveTypes,
            int bucketUsers,
            Path scratch,
            StopRequest stopped)
            throws SQLException, IOException {
        int users = source.jdbc.sql("""
                        create temporary table refresh_changed on commit drop as
                        select user_id, (row_number() over (order by user_id) - 1)::integer as changed_no
                        from user_change where not pg_visible_in_snapshot(xid, cast(:visible as pg_snapshot))
                        """).param("visible", visible).update();
        source.jdbc.sql("analyze refresh_changed").update();
        UuidIndex numbers = new UuidIndex(ids(source.connection, users));
        TasteChange[] tastes = new TasteChange[users];
        try (PackedInputs.Builder packed = new PackedInputs.Builder(scratch, users)) {
            for (int first = 0; first < users; first += bucketUsers) {
                stopped.endIfAsked("reading what changed");
                int end = Math.min(users, first + bucketUsers);
                InteractionMatrix now = interactions(source, numbers, first, end, positiveTypes);
                compareWithBase(source, now, first, tastes);
                PackedRows packing = new PackedRows();
                for (int row = 0; row < end - first; row++) {
                    packed.add(packing.venues(now, row), NOTHING.duplicate());
                }
            }
            return new ChangedUsers(packed.build(), tastes);
        }
    }

    private static UuidArray ids(Connection connection, int users) throws SQLException {
        long[] halves = new long[2 * users];
        try (BinaryCopyReader rows =
                BinaryCopyReader.open(connection, "select user_id from refresh_changed order by changed_no")) {
            for (int user = 0; rows.next(); user++) {
                rows.uuid(halves, user);
            }
        }
        return UuidArray.of(halves);
    }

    /** Asked so that the index alone answers: their rows lie all over the table, a page each. */
    private static InteractionMatrix interactions(
            Source source, UuidIndex numbers, int first, int end, Set<InteractionType> positiveTypes)
            throws SQLException {
        InteractionCollector collector = new InteractionCollector(end - first, source.venues.size());
        long[] id = new long[2];
        try (BinaryCopyReader rows =
                BinaryCopyReader.open(source.connection, """
                select user_id, venue_id, %s
                from user_venue_interactions
                where user_id = any(array(
                  select user_id from refresh_changed where changed_no >= %s and changed_no < %s))
                """.formatted(InputScan.dwell(positiveTypes), first, end))) {
            while (rows.next()) {
                rows.uuid(id);
                int row = numbers.find(id[0], id[1]) - first;
                rows.uuid(id);
                collector.add(row, source.venues.indexOf(id[0], id[1]), rows.int4());
            }
        }
        return collector.build();
    }

    /** Users who are new have no row there: all they did is new. */
    private static void compareWithBase(Source source, InteractionMatrix now, int first, TasteChange[] tastes)
            throws SQLException {
        try (BinaryCopyReader rows = BinaryCopyReader.open(
                source.connection, """
                select c.changed_no, coalesce(b.venues, ''::bytea)
                from refresh_changed c left join %s b on b.user_id = c.user_id
                where c.changed_no >= %s and c.changed_no < %s
                """.formatted(source.base.inputs(), first, first + now.rows()))) {
            while (rows.next()) {
                int changed = rows.int4();
                tastes[changed] = TasteChange.between(
                        ByteBuffer.wrap(rows.bytea()), now, changed - first, source.venues, source.baseCatalog);
            }
        }
    }

    int size() {
        return tastes.length;
    }

    /** What a user had to do with venues, packed, by the refresh's numbers. */
    byte[] packedVenues(int changed) {
        return packed.packedVenues(changed);
    }

    /** What a user's friends may notice. */
    TasteChange taste(int changed) {
        return tastes[changed];
    }
}
