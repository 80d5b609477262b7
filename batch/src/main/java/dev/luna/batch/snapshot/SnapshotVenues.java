package dev.luna.batch.snapshot;

import dev.luna.batch.database.BinaryCopyReader;
import dev.luna.batch.scoring.UuidArray;
import dev.luna.batch.scoring.VenueCatalog;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The venues of a snapshot, or of a run's dictionary, numbered from 0 in id order.
 *
 * @param ids ids by venueIndex
 * @param lat latitudes in degrees by venueIndex
 * @param lng longitudes in degrees by venueIndex
 * @param categories category of each venue by venueIndex, null without one
 * @param likes interactions of a positive type by venueIndex; of a snapshot they are counted into it later
 */
record SnapshotVenues(UuidArray ids, double[] lat, double[] lng, List<@Nullable String> categories, int[] likes) {

    /**
     * @param query of id, lat, lng, category and likes in id order
     * @param count how many rows it has
     */
    static SnapshotVenues read(Connection connection, String query, int count) throws SQLException {
        long[] halves = new long[2 * count];
        double[] lat = new double[count];
        double[] lng = new double[count];
        List<@Nullable String> categories = new ArrayList<>(count);
        int[] likes = new int[count];
        int venue = 0;
        try (BinaryCopyReader rows = BinaryCopyReader.open(connection, query)) {
            while (rows.next()) {
                rows.uuid(halves, venue);
                lat[venue] = rows.float8();
                lng[venue] = rows.float8();
                categories.add(rows.text());
                likes[venue] = rows.int4();
                venue++;
            }
        }
        return new SnapshotVenues(UuidArray.of(halves), lat, lng, categories, likes);
    }

    int size() {
        return ids.size();
    }

    /** @param maxLikes denominator of popularity */
    VenueCatalog catalog(int maxLikes) {
        int n = size();
        int[] category = new int[n];
        Map<String, Integer> codes = new HashMap<>();
        for (int venue = 0; venue < n; venue++) {
            String name = categories.get(venue);
            category[venue] =
                    name == null ? VenueCatalog.NO_CATEGORY : codes.computeIfAbsent(name, unknown -> codes.size());
        }
        return VenueCatalog.of(ids, lat, lng, category, likes, maxLikes);
    }
}
