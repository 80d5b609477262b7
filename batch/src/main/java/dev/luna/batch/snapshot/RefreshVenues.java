package dev.luna.batch.snapshot;

import dev.luna.batch.database.BinaryCopyReader;
import dev.luna.batch.database.RunTables;
import dev.luna.batch.scoring.UuidArray;
import dev.luna.batch.scoring.VenueCatalog;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Arrays;
import java.util.stream.IntStream;
import org.springframework.jdbc.core.simple.JdbcClient;

/**
 * The venues of a refresh beside those of its base. Mostly they are the same, which one statement over the changed ones
 * finds out; then the base's dictionary is the refresh's too. Otherwise all are numbered anew, in a temporary table:
 *
 * <pre>
 * refresh_venue   all venues, numbered, with the base's likes and what became of them since the base
 * </pre>
 *
 * Heap: about 40 bytes a venue, and 100 more while those with other numbers are stored. Not thread-safe.
 */
final class RefreshVenues {

    private final RunTables base;
    private final boolean same;
    private final UuidIndex ids;
    private final int size;
    private final int[] numberOf;
    private final int[] unchangedBaseNumberOf;

    RefreshVenues(RunTables base, boolean same, UuidArray ids, int[] numberOf, int[] unchangedBaseNumberOf) {
        this.base = base;
        this.same = same;
        this.ids = new UuidIndex(ids);
        this.size = ids.size();
        this.numberOf = numberOf;
        this.unchangedBaseNumberOf = unchangedBaseNumberOf;
    }

    /**
     * Compares, inside the snapshot of the connection.
     *
     * @param visible the transactions that the base saw
     * @param catalog the base's venues
     */
    static RefreshVenues compare(
            Connection connection, JdbcClient jdbc, RunTables base, String visible, VenueCatalog catalog)
            throws SQLException {
        if (isSame(jdbc, base, visible, catalog.size())) {
            int[] identity = IntStream.range(0, catalog.size()).toArray();
            return new RefreshVenues(base, true, catalog.ids(), identity, identity);
        }
        return number(connection, jdbc, base, catalog.size());
    }

    /** Names, prices and the like may change: only what rankings depend on counts. */
    private static boolean isSame(JdbcClient jdbc, RunTables base, String visible, int venues) {
        return jdbc.sql("""
                        select (select count(*) from venues) = :venues
                           and not exists (
                             select from venue_change c
                             left join venues v on v.id = c.venue_id
                             left join %s b on b.venue_id = c.venue_id
                             where not pg_visible_in_snapshot(c.xid, cast(:visible as pg_snapshot))
                               and (v.id, v.lat, v.lng, v.category)
                                 is distinct from (b.venue_id, b.lat, b.lng, b.category))
                        """.formatted(base.venues()))
                .param("venues", venues)
                .param("visible", visible)
                .query(Boolean.class)
                .single();
    }

    private static RefreshVenues number(Connection connection, JdbcClient jdbc, RunTables base, int baseVenues)
            throws SQLException {
        int venues = jdbc.sql("""
                        create temporary table refresh_venue on commit drop as
                        select (row_number() over (order by v.id) - 1)::integer as venue_no, v.id as venue_id, v.category,
                               v.lat, v.lng, coalesce(b.likes, 0) as likes, b.venue_no as base_no,
                               b.venue_id is not null and (v.lat, v.lng) is distinct from (b.lat, b.lng) as moved,
                               b.venue_id is not null and v.category is distinct from b.category as recategorised
                        from venues v left join %s b on b.venue_id = v.id
                        """.formatted(base.venues())).update();
        jdbc.sql("analyze refresh_venue").update();
        long[] halves = new long[2 * venues];
        int[] numberOf = new int[baseVenues];
        int[] unchangedBaseNumberOf = new int[venues];
        Arrays.fill(numberOf, -1);
        try (BinaryCopyReader rows = BinaryCopyReader.open(
                connection, "select venue_id, base_no, moved or recategorised from refresh_venue order by venue_no")) {
            for (int venue = 0; rows.next(); venue++) {
                rows.uuid(halves, venue);
                int baseNumber = rows.int4Or(-1);
                if (baseNumber >= 0) {
                    numberOf[baseNumber] = venue;
                }
                unchangedBaseNumberOf[venue] = rows.bool() ? -1 : baseNumber;
            }
        }
        return new RefreshVenues(base, false, UuidArray.of(halves), numberOf, unchangedBaseNumberOf);
    }

    /** Whether nothing that rankings depend on changed. Otherwise there is {@code refresh_venue}. */
    boolean same() {
        return same;
    }

    int size() {
        return size;
    }

    /** The number of a venue, or -1 if there is none of that id. */
    int indexOf(long idHigh, long idLow) {
        return ids.find(idHigh, idLow);
    }

    /** The number of a venue of the base, or -1 if it is gone. Later ones of the base have later numbers. */
    int numberOf(int baseNumber) {
        return numberOf[baseNumber];
    }

    /** The base's number of a venue that is where and what it was, or -1. */
    int unchangedBaseNumberOf(int number) {
        return unchangedBaseNumberOf[number];
    }

    /**
     * Stores the dictionary of a refresh.
     *
     * @param source the snapshot's connection
     * @param target the connection that the run's storage is written on
     */
    void write(Connection source, Connection target, RunTables tables) throws SQLException {
        if (same) {
            try (var copy = target.prepareStatement("""
                    insert into %s (run_id, venue_no, venue_id, category, lat, lng, likes)
                    select ?, venue_no, venue_id, category, lat, lng, likes from %s order by venue_no
                    """.formatted(tables.venues(), base.venues()))) {
                copy.setLong(1, tables.runId());
                copy.executeUpdate();
            }
            return;
        }
        new StagingWriter(target, tables)
                .writeVenues(SnapshotVenues.read(
                        source,
                        "select venue_id, lat, lng, category, likes from refresh_venue order by venue_no",
                        size));
    }
}
