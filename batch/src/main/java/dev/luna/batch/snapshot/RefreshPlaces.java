package dev.luna.batch.snapshot;

import dev.luna.batch.database.BinaryCopyReader;
import dev.luna.batch.database.BinaryCopyWriter;
import dev.luna.batch.database.RunTables;
import dev.luna.batch.scoring.PlanOrder;
import dev.luna.batch.scoring.UuidArray;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Arrays;
import org.springframework.jdbc.core.simple.JdbcClient;

/**
 * Those in {@code refreshed}: who is there is placed in scoring order, and who is not is known by id. With the people their
 * companions are chosen from, in temporary tables of the snapshot's connection:
 *
 * <pre>
 * refresh_place   the refreshed who are there, by place in scoring order
 * refresh_edge    their edges
 * involved        all of them, numbered in id order, and behind them, by position, their friends
 * </pre>
 *
 * Heap: 80 bytes a user refreshed. Not thread-safe.
 */
final class RefreshPlaces {

    private final SnapshotUsers users;
    private final int[] userAt;
    private final UuidArray gone;
    private final long came;

    private RefreshPlaces(SnapshotUsers users, UuidArray gone, long came) {
        this.users = users;
        this.userAt = PlanOrder.of(users.homeLat(), users.homeLng());
        this.gone = gone;
        this.came = came;
    }

    /** Reads and places them. */
    static RefreshPlaces of(Connection connection, JdbcClient jdbc, RunTables base) throws SQLException {
        RefreshPlaces places = read(connection, base);
        places.write(connection, jdbc);
        return places;
    }

    private static RefreshPlaces read(Connection connection, RunTables base) throws SQLException {
        int refreshed = Counts.of(connection, "refreshed");
        long[] halves = new long[2 * refreshed];
        double[] homeLat = new double[refreshed];
        double[] homeLng = new double[refreshed];
        int there = 0;
        // From behind in the same array: who is not there takes no place among those who are.
        int gone = refreshed;
        long came = 0;
        try (BinaryCopyReader rows = BinaryCopyReader.open(connection, """
                select u.id is not null, b.user_id is not null, r.user_id, u.home_lat, u.home_lng
                from refreshed r
                left join users u on u.id = r.user_id
                left join %s b on b.user_id = r.user_id
                order by r.user_id
                """.formatted(base.inputs()))) {
            while (rows.next()) {
                boolean isThere = rows.bool();
                boolean isInBase = rows.bool();
                if (!isThere && !isInBase) {
                    continue;
                }
                int at = isThere ? there++ : --gone;
                rows.uuid(halves, at);
                if (isThere) {
                    homeLat[at] = rows.float8OrNaN();
                    homeLng[at] = rows.float8OrNaN();
                    came += isInBase ? 0 : 1;
                }
            }
        }
        return new RefreshPlaces(
                new SnapshotUsers(
                        UuidArray.of(Arrays.copyOf(halves, 2 * there)),
                        Arrays.copyOf(homeLat, there),
                        Arrays.copyOf(homeLng, there)),
                UuidArray.of(Arrays.copyOfRange(halves, 2 * gone, 2 * refreshed)),
                came);
    }

    private void write(Connection connection, JdbcClient jdbc) throws SQLException {
        jdbc.sql(
                        "create temporary table refresh_place (user_id uuid not null, position integer not null) on commit drop")
                .update();
        try (BinaryCopyWriter rows = BinaryCopyWriter.open(connection, "refresh_place", "user_id", "position")) {
            for (int position = 0; position < userAt.length; position++) {
                rows.startRow();
                rows.uuid(users.ids().high(userAt[position]), users.ids().low(userAt[position]));
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
                               changed_no
                        from (select p.user_id, p.position, r.changed_no
                              from refresh_place p join refreshed r on r.user_id = p.user_id
                              union all
                              select distinct e.other_user_id, cast(null as integer), cast(null as integer)
                              from refresh_edge e
                              where not exists (select from refresh_place q where q.user_id = e.other_user_id)) person
                        """).param("ranked", ranked()).update();
        jdbc.sql("analyze involved").update();
    }

    /** Users to rank; their positions are those below. */
    int ranked() {
        return userAt.length;
    }

    /** Latitude of the home of who is at a position, NaN without a home, and for those behind the ranked. */
    double homeLat(int position) {
        return position < userAt.length ? users.homeLat()[userAt[position]] : Double.NaN;
    }

    /** As {@link #homeLat}, of the longitude. */
    double homeLng(int position) {
        return position < userAt.length ? users.homeLng()[userAt[position]] : Double.NaN;
    }

    /** Users of the base who are not there any more. */
    UuidArray gone() {
        return gone;
    }

    /** How many of those to rank the base did not know. */
    long came() {
        return came;
    }
}
