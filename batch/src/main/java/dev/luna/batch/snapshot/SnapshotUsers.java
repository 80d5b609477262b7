package dev.luna.batch.snapshot;

import dev.luna.batch.database.BinaryCopyReader;
import dev.luna.batch.scoring.UuidArray;
import java.sql.Connection;
import java.sql.SQLException;

/**
 * The users of a snapshot, numbered from 0 in id order.
 *
 * @param ids ids by userIndex
 * @param homeLat latitudes in degrees by userIndex, NaN without a home
 * @param homeLng longitudes in degrees by userIndex, NaN without a home
 */
record SnapshotUsers(UuidArray ids, double[] homeLat, double[] homeLng) {

    /**
     * @param count how many there are; counted by the same snapshot, so that the arrays are made once, to size
     */
    static SnapshotUsers read(Connection connection, int count) throws SQLException {
        long[] halves = new long[2 * count];
        double[] homeLat = new double[count];
        double[] homeLng = new double[count];
        int user = 0;
        try (BinaryCopyReader rows =
                BinaryCopyReader.open(connection, "select id, home_lat, home_lng from users order by id")) {
            while (rows.next()) {
                rows.uuid(halves, user);
                homeLat[user] = rows.float8OrNaN();
                homeLng[user] = rows.float8OrNaN();
                user++;
            }
        }
        return new SnapshotUsers(UuidArray.of(halves), homeLat, homeLng);
    }

    int size() {
        return ids.size();
    }
}
