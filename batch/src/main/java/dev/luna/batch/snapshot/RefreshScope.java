package dev.luna.batch.snapshot;

import dev.luna.batch.database.BinaryCopyReader;
import dev.luna.batch.database.BinaryCopyWriter;
import dev.luna.batch.database.RunTables;
import dev.luna.batch.scoring.PlanOrder;
import dev.luna.batch.scoring.ScoringProfile;
import dev.luna.batch.scoring.VenueArrivals;
import dev.luna.batch.scoring.VenueCatalog;
import dev.luna.batch.scoring.VenueRankingCodec;
import java.nio.ByteBuffer;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.BitSet;
import java.util.List;
import org.springframework.jdbc.core.simple.JdbcClient;

/**
 * Decides, inside one snapshot, whom a refresh must rank anew, in temporary tables of its connection:
 *
 * <pre>
 * refresh_venue   all venues, numbered, with the base's likes and what became of them since the base
 * refreshed       users whose rankings may differ from the base's; changed: by what is theirs; gone users included
 * involved        the refreshed who still are there, by place in scoring order, and behind them their friends
 * refresh_edge    the edges of those who still are there
 * </pre>
 *
 * A ranking can differ only if one of these holds, and each puts its user in {@code refreshed}:
 * <ol>
 *   <li>his home, interactions or edges changed, or he is new or gone;
 *   <li>he has an edge to somebody whose interactions changed, which his companions depend on;
 *   <li>his list holds a venue that is gone, elsewhere or of another category;
 *   <li>a venue that is new or elsewhere may come into his list: by nearness and popularity ({@link VenueArrivals}), or
 *       because he was there before;
 *   <li>he has an edge to somebody who was at a venue that has another category now.
 * </ol>
 * (1) to (2) and (5) take time by what changed; (3) and (4) read the base's lists once, if venues changed at all.
 */
final class RefreshScope {

    private static final int LAST_ENTRY = VenueRankingCodec.ENTRY_BYTES;

    private final Connection connection;
    private final JdbcClient jdbc;
    private final RunTables base;

    RefreshScope(Connection connection, JdbcClient jdbc, long baseRunId) {
        this.connection = connection;
        this.jdbc = jdbc;
        this.base = new RunTables(baseRunId);
    }

    /** Fills the tables and returns the number of users to rank. */
    int find(RefreshBase of, ScoringProfile profile, int venuesPerUser) throws SQLException {
        numberVenues();
        findByChanges(of.visible());
        findByLists(profile, of.maxLikes(), venuesPerUser);
        return place();
    }

    private void numberVenues() {
        jdbc.sql("""
                        create temporary table refresh_venue on commit drop as
                        select (row_number() over (order by v.id) - 1)::integer as venue_no, v.id as venue_id, v.category,
                               v.lat, v.lng, coalesce(b.likes, 0) as likes, b.venue_no as base_no,
                               b.venue_id is not null and (v.lat, v.lng) is distinct from (b.lat, b.lng) as moved,
                               b.venue_id is not null and v.category is distinct from b.category as recategorised
                        from venues v left join %s b on b.venue_id = v.id
                        """.formatted(base.venues())).update();
        jdbc.sql("analyze refresh_venue").update();
    }

    private void findByChanges(String visibleToBase) {
        jdbc.sql("create temporary table refreshed (user_id uuid primary key, changed boolean not null) on commit drop")
                .update();
        jdbc.sql("""
                        insert into refreshed (user_id, changed)
                        select user_id, true from user_change
                        where not pg_visible_in_snapshot(xid, cast(:visible as pg_snapshot))
                        """).param("visible", visibleToBase).update();
        jdbc.sql("analyze refreshed").update();
        jdbc.sql("""
                        insert into refreshed (user_id, changed)
                        select distinct e.user_id, false
                        from refreshed c join user_social_edges e on e.other_user_id = c.user_id
                        on conflict do nothing
                        """).update();
        jdbc.sql("""
                        insert into refreshed (user_id, changed)
                        select distinct i.user_id, false
                        from refresh_venue v join user_venue_interactions i on i.venue_id = v.venue_id
                        where v.moved
                        on conflict do nothing
                        """).update();
        jdbc.sql("""
                        insert into refreshed (user_id, changed)
                        select distinct e.user_id, false
                        from refresh_venue v
                        join user_venue_interactions i on i.venue_id = v.venue_id
                        join user_social_edges e on e.other_user_id = i.user_id
                        where v.recategorised
                        on conflict do nothing
                        """).update();
    }

    private void findByLists(ScoringProfile profile, int maxLikes, int venuesPerUser) throws SQLException {
        BitSet departed = departed();
        VenueCatalog arrived = arrived(maxLikes);
        if (departed.isEmpty() && arrived.size() == 0) {
            return;
        }
        BaseLists lists = readLists(departed, venuesPerUser);
        if (arrived.size() > 0) {
            new VenueArrivals(arrived, profile)
                    .reach(lists.homeLat, lists.homeLng, lists.lastScore, lists.reached::set);
        }
        jdbc.sql("create temporary table refresh_reached (user_id uuid not null) on commit drop")
                .update();
        try (BinaryCopyWriter rows = BinaryCopyWriter.open(connection, "refresh_reached", "user_id")) {
            for (int row = lists.reached.nextSetBit(0); row >= 0; row = lists.reached.nextSetBit(row + 1)) {
                rows.startRow();
                rows.uuid(lists.idHigh[row], lists.idLow[row]);
            }
            rows.finish();
        }
        jdbc.sql("""
                        insert into refreshed (user_id, changed) select user_id, false from refresh_reached
                        on conflict do nothing
                        """).update();
    }

    /** The base's numbers of venues that lists cannot keep as they are. */
    private BitSet departed() {
        BitSet departed = new BitSet();
        jdbc.sql("""
                        select b.venue_no from %s b left join refresh_venue v on v.venue_id = b.venue_id
                        where v.venue_id is null or v.moved or v.recategorised
                        """.formatted(base.venues())).query(Integer.class).list().forEach(departed::set);
        return departed;
    }

    /** Venues that lists do not know, or not where they are. */
    private VenueCatalog arrived(int maxLikes) throws SQLException {
        List<Integer> likes = jdbc.sql(
                        "select likes from refresh_venue where base_no is null or moved order by venue_no")
                .query(Integer.class)
                .list();
        return SnapshotVenues.read(connection, """
                        select venue_id, lat, lng, category from refresh_venue where base_no is null or moved order by venue_no
                        """, likes.size())
                .catalog(likes.stream().mapToInt(Integer::intValue).toArray(), maxLikes);
    }

    /** Reads every list of the base once; only the last entries when no venue departed. 40 bytes a user. */
    private BaseLists readLists(BitSet departed, int venuesPerUser) throws SQLException {
        int users = jdbc.sql("select count(*) from " + base.inputs())
                .query(Integer.class)
                .single();
        BaseLists lists = new BaseLists(users);
        long[] id = new long[2];
        try (BinaryCopyReader rows = BinaryCopyReader.open(connection, """
                select i.position, i.user_id, i.home_lat, i.home_lng, length(r.ranking),
                       %s
                from %s i join %s r on r.user_id = i.user_id
                """.formatted(
                        departed.isEmpty()
                                ? "substring(r.ranking from length(r.ranking) - %d)".formatted(LAST_ENTRY - 1)
                                : "r.ranking",
                        base.inputs(),
                        base.venueRankings()))) {
            while (rows.next()) {
                int row = rows.int4();
                rows.uuid(id);
                lists.idHigh[row] = id[0];
                lists.idLow[row] = id[1];
                lists.homeLat[row] = rows.float8OrNaN();
                lists.homeLng[row] = rows.float8OrNaN();
                boolean takesMore = rows.int4() < venuesPerUser * LAST_ENTRY;
                ByteBuffer entries = PackedColumn.of(rows);
                lists.lastScore[row] = takesMore
                        ? Float.NEGATIVE_INFINITY
                        : entries.getFloat(entries.limit() - LAST_ENTRY + Integer.BYTES);
                for (int at = 0; !departed.isEmpty() && at < entries.limit(); at += LAST_ENTRY) {
                    if (departed.get(entries.getInt(at))) {
                        lists.reached.set(row);
                        break;
                    }
                }
            }
        }
        return lists;
    }

    private int place() throws SQLException {
        SnapshotUsers users = SnapshotUsers.read(
                connection,
                """
                select r.user_id, u.home_lat, u.home_lng from refreshed r join users u on u.id = r.user_id order by r.user_id
                """,
                jdbc.sql("select count(*) from refreshed r join users u on u.id = r.user_id")
                        .query(Integer.class)
                        .single());
        int[] order = PlanOrder.of(users.homeLat(), users.homeLng());
        jdbc.sql(
                        "create temporary table refresh_place (user_id uuid primary key, position integer not null) on commit drop")
                .update();
        try (BinaryCopyWriter rows = BinaryCopyWriter.open(connection, "refresh_place", "user_id", "position")) {
            for (int position = 0; position < order.length; position++) {
                rows.startRow();
                rows.uuid(users.ids().high(order[position]), users.ids().low(order[position]));
                rows.int4(position);
            }
            rows.finish();
        }
        jdbc.sql("analyze refresh_place").update();
        jdbc.sql("""
                        create temporary table refresh_edge on commit drop as
                        select e.user_id, e.other_user_id, e.strength
                        from refresh_place p join user_social_edges e on e.user_id = p.user_id
                        """).update();
        jdbc.sql("analyze refresh_edge").update();
        jdbc.sql("""
                        create temporary table involved on commit drop as
                        select user_id,
                               (row_number() over (order by user_id) - 1)::integer as user_no,
                               coalesce(position, :ranked - 1
                                 + row_number() over (partition by position is null order by user_id))::integer as position,
                               position is not null as ranked, changed
                        from (select p.user_id, p.position, r.changed
                              from refresh_place p join refreshed r on r.user_id = p.user_id
                              union all
                              select distinct e.other_user_id, cast(null as integer), false
                              from refresh_edge e
                              where not exists (select from refresh_place q where q.user_id = e.other_user_id)) person
                        """).param("ranked", order.length).update();
        jdbc.sql("analyze involved").update();
        return order.length;
    }

    /** Of each user of the base, by position: what decides whether his list may change. */
    private static final class BaseLists {

        final long[] idHigh;
        final long[] idLow;
        final double[] homeLat;
        final double[] homeLng;
        final float[] lastScore;
        final BitSet reached = new BitSet();

        BaseLists(int users) {
            idHigh = new long[users];
            idLow = new long[users];
            homeLat = new double[users];
            homeLng = new double[users];
            lastScore = new float[users];
        }
    }
}
