package dev.luna.batch.transfer;

import dev.luna.batch.database.RunTables;
import dev.luna.batch.scoring.RankedVenue;
import dev.luna.batch.scoring.ScoringProfile;
import dev.luna.batch.scoring.UuidArray;
import dev.luna.batch.scoring.VenueCatalog;
import dev.luna.batch.scoring.VenueRankingCodec;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;

/**
 * Unpacks the rankings of one run by its own venue dictionary, and knows what its venues are called now. Thread-safe.
 * Memory: some 300 bytes a venue.
 */
final class RankedVenues {

    /** A venue as it is now. */
    record Named(UUID id, String name, @Nullable String category) {}

    private final VenueRankingCodec codec;
    private final List<@Nullable Named> venues;

    private RankedVenues(VenueRankingCodec codec, List<@Nullable Named> venues) {
        this.codec = codec;
        this.venues = venues;
    }

    private record Row(
            UUID id,
            double lat,
            double lng,
            int likes,
            @Nullable Named named) {}

    static RankedVenues of(JdbcClient jdbc, long runId, ScoringProfile profile) {
        List<Row> rows = jdbc.sql("""
                        select r.venue_id, r.lat, r.lng, r.likes, v.name, v.category
                        from %s r
                        left join venues v on v.id = r.venue_id
                        order by r.venue_no
                        """.formatted(new RunTables(runId).venues()))
                .query((row, n) -> {
                    UUID id = row.getObject("venue_id", UUID.class);
                    String name = row.getString("name");
                    return new Row(
                            id,
                            row.getDouble("lat"),
                            row.getDouble("lng"),
                            row.getInt("likes"),
                            name == null ? null : new Named(id, name, row.getString("category")));
                })
                .list();
        int maxLikes = jdbc.sql("select coalesce(max_likes, 0) from run where id = :runId")
                .param("runId", runId)
                .query(Integer.class)
                .single();
        int n = rows.size();
        double[] lat = new double[n];
        double[] lng = new double[n];
        int[] category = new int[n]; // of no account to a ranking
        int[] likes = new int[n];
        List<@Nullable Named> named = new ArrayList<>(n);
        for (int v = 0; v < n; v++) {
            Row row = rows.get(v);
            lat[v] = row.lat;
            lng[v] = row.lng;
            likes[v] = row.likes;
            named.add(row.named);
        }
        UuidArray ids = UuidArray.of(rows.stream().map(Row::id).toList());
        VenueCatalog catalog = VenueCatalog.of(ids, lat, lng, category, likes, maxLikes);
        return new RankedVenues(new VenueRankingCodec(catalog, profile), named);
    }

    /** A packed ranking, best first. */
    List<RankedVenue> unpack(byte[] packed) {
        return codec.decode(packed, codec.size(packed));
    }

    /** The venue behind the number of an entry; null if it was deleted since. */
    @Nullable
    Named named(RankedVenue entry) {
        return venues.get(entry.venueIndex());
    }
}
