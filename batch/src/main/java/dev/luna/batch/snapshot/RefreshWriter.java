package dev.luna.batch.snapshot;

import dev.luna.batch.database.BinaryCopyReader;
import dev.luna.batch.database.BinaryCopyWriter;
import dev.luna.batch.database.RunTables;
import dev.luna.batch.scoring.InteractionType;
import java.nio.ByteBuffer;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Arrays;
import java.util.Locale;
import java.util.Set;
import org.springframework.jdbc.core.simple.JdbcClient;

/** Stores with a refresh run what {@link RefreshScope} found, in the packed rows of full runs. Streams; one thread. */
final class RefreshWriter {

    private static final int ENTRY_BYTES = 12;

    private final Connection source;
    private final JdbcClient jdbc;
    private final Connection target;
    private final RunTables tables;
    private final RunTables base;

    /**
     * @param source the snapshot's connection, with the tables of {@link RefreshScope}
     * @param jdbc statements on it
     * @param target the connection that the run's storage is written on
     */
    RefreshWriter(Connection source, JdbcClient jdbc, Connection target, RunTables tables, long baseRunId) {
        this.source = source;
        this.jdbc = jdbc;
        this.target = target;
        this.tables = tables;
        this.base = new RunTables(baseRunId);
    }

    /** Stores all venues and returns their number. */
    int writeVenues() throws SQLException {
        int venues = 0;
        try (BinaryCopyReader from = BinaryCopyReader.open(
                        source,
                        "select venue_no, venue_id, category, lat, lng, likes from refresh_venue order by venue_no");
                BinaryCopyWriter to = BinaryCopyWriter.open(
                        target, tables.venues(), "run_id", "venue_no", "venue_id", "category", "lat", "lng", "likes")) {
            long[] id = new long[2];
            while (from.next()) {
                to.startRow();
                to.int8(tables.runId());
                to.int4(from.int4());
                from.uuid(id);
                to.uuid(id[0], id[1]);
                String category = from.text();
                if (category == null) {
                    to.nullValue();
                } else {
                    to.text(category);
                }
                to.float8(from.float8());
                to.float8(from.float8());
                to.int4(from.int4());
                venues++;
            }
            to.finish();
        }
        return venues;
    }

    /**
     * Stores the inputs of all involved users and returns the number of edges among them. The venues of unchanged users
     * are those of the base, by this run's numbers.
     */
    int writeInputs(Set<InteractionType> positiveTypes) throws SQLException {
        packFriends();
        packVenuesOfChanged(positiveTypes);
        int[] venueNo = numbersOfBaseVenues();
        int edges = 0;
        long[] id = new long[2];
        try (BinaryCopyReader from = BinaryCopyReader.open(source, """
                        select p.position, p.user_no, p.user_id, u.home_lat, u.home_lng, p.changed,
                               case when p.changed then coalesce(o.venues, ''::bytea) else b.venues end,
                               coalesce(f.friends, ''::bytea)
                        from involved p
                        left join users u on p.ranked and u.id = p.user_id
                        left join %s b on not p.changed and b.user_id = p.user_id
                        left join refresh_own o on o.user_id = p.user_id
                        left join refresh_friends f on f.user_id = p.user_id
                        """.formatted(base.inputs()));
                BinaryCopyWriter to = BinaryCopyWriter.open(
                        target,
                        tables.inputs(),
                        "run_id",
                        "position",
                        "user_no",
                        "user_id",
                        "home_lat",
                        "home_lng",
                        "venues",
                        "friends")) {
            while (from.next()) {
                to.startRow();
                to.int8(tables.runId());
                to.int4(from.int4());
                to.int4(from.int4());
                from.uuid(id);
                to.uuid(id[0], id[1]);
                degrees(from, to);
                degrees(from, to);
                boolean changed = from.bool();
                ByteBuffer venues = PackedColumn.of(from);
                if (!changed) {
                    renumber(venues, venueNo);
                }
                to.bytea(venues.array());
                ByteBuffer friends = PackedColumn.of(from);
                edges += friends.limit() / ENTRY_BYTES;
                to.bytea(friends.array());
            }
            to.finish();
        }
        return edges;
    }

    /** Stores an empty ranking for every user of the base who is gone and returns their number. */
    long writeGone() throws SQLException {
        try (BinaryCopyReader from = BinaryCopyReader.open(source, """
                        select r.user_id from refreshed r
                        join %s b on b.user_id = r.user_id
                        where not exists (select from users u where u.id = r.user_id)
                        """.formatted(base.venueRankings()));
                BinaryCopyWriter to =
                        BinaryCopyWriter.open(target, tables.venueRankings(), "run_id", "user_id", "ranking")) {
            long[] id = new long[2];
            while (from.next()) {
                from.uuid(id);
                to.startRow();
                to.int8(tables.runId());
                to.uuid(id[0], id[1]);
                to.bytea(new byte[0]);
            }
            return to.finish();
        }
    }

    private void packFriends() {
        jdbc.sql("""
                        create temporary table refresh_friends on commit drop as
                        select e.user_id,
                               string_agg(int4send(f.user_no) || float8send(e.strength), ''::bytea order by f.user_no) as friends
                        from refresh_edge e
                        join involved f on f.user_id = e.other_user_id
                        group by e.user_id
                        """).update();
        jdbc.sql("analyze refresh_friends").update();
    }

    private void packVenuesOfChanged(Set<InteractionType> positiveTypes) {
        jdbc.sql("""
                        create temporary table refresh_own on commit drop as
                        select user_id,
                               string_agg(int4send(venue_no) || int4send(likes) || int4send(seconds), ''::bytea
                                 order by venue_no) as venues
                        from (select i.user_id, v.venue_no,
                                     cast(count(*) filter (where i.interaction_type = any(:positive)) as integer) as likes,
                                     cast(least(coalesce(sum(i.dwell_time), 0), 2147483647) as integer) as seconds
                              from involved p
                              join user_venue_interactions i on i.user_id = p.user_id
                              join refresh_venue v on v.venue_id = i.venue_id
                              where p.changed
                              group by i.user_id, v.venue_no) pair
                        group by user_id
                        """)
                .param(
                        "positive",
                        positiveTypes.stream()
                                .map(type -> type.name().toLowerCase(Locale.ROOT))
                                .toArray(String[]::new))
                .update();
        jdbc.sql("analyze refresh_own").update();
    }

    /** This run's number of each venue of the base, -1 if it is gone. */
    private int[] numbersOfBaseVenues() {
        int[] venueNo = new int
                [jdbc.sql("select count(*) from " + base.venues())
                        .query(Integer.class)
                        .single()];
        Arrays.fill(venueNo, -1);
        jdbc.sql("select base_no, venue_no from refresh_venue where base_no is not null")
                .query(row -> {
                    venueNo[row.getInt("base_no")] = row.getInt("venue_no");
                });
        return venueNo;
    }

    private static void renumber(ByteBuffer venues, int[] venueNo) {
        for (int at = 0; at < venues.limit(); at += ENTRY_BYTES) {
            int number = venueNo[venues.getInt(at)];
            if (number < 0) {
                throw new IllegalStateException(
                        "somebody was at a venue that is gone, but is not recorded as changed. Start a full run with `luna recompute`");
            }
            venues.putInt(at, number);
        }
    }

    private static void degrees(BinaryCopyReader from, BinaryCopyWriter to) throws SQLException {
        double degrees = from.float8OrNaN();
        if (Double.isNaN(degrees)) {
            to.nullValue();
        } else {
            to.float8(degrees);
        }
    }
}
