package dev.luna.batch.snapshot;

import dev.luna.batch.database.BinaryCopyReader;
import dev.luna.batch.database.RunTables;
import dev.luna.batch.scoring.ScoringProfile;
import dev.luna.batch.scoring.VenueArrivals;
import dev.luna.batch.scoring.VenueCatalog;
import dev.luna.batch.scoring.VenueRankingCodec;
import java.nio.ByteBuffer;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.BitSet;
import java.util.stream.LongStream;
import org.springframework.jdbc.core.simple.JdbcClient;

/**
 * Finds the users whose lists of the base cannot stay, as venues came, went, moved or changed their category: reads every
 * list once, only the last entries when no venue departed. Heap: 40 bytes a user of the base, 16 for each found.
 */
final class BaseLists {

    private static final int ENTRY_BYTES = VenueRankingCodec.ENTRY_BYTES;

    private final Connection connection;
    private final JdbcClient jdbc;
    private final RunTables base;

    /** @param connection the snapshot's, with {@code refresh_venue} of {@link RefreshVenues} */
    BaseLists(Connection connection, JdbcClient jdbc, RunTables base) {
        this.connection = connection;
        this.jdbc = jdbc;
        this.base = base;
    }

    /**
     * The ids, as halves in turn, of whose list holds a venue that departed, and of whose list an arrival may enter by
     * nearness and popularity.
     *
     * @param maxLikes denominator of the base's popularity
     * @param venuesPerUser ranked venues stored per user
     */
    LongStream find(ScoringProfile profile, int maxLikes, int venuesPerUser) throws SQLException {
        BitSet departed = departed();
        VenueCatalog arrived = arrived(maxLikes);
        if (departed.isEmpty() && arrived.size() == 0) {
            return LongStream.empty();
        }
        Ends ends = read(departed, venuesPerUser);
        if (arrived.size() > 0) {
            new VenueArrivals(arrived, profile).reach(ends.homeLat, ends.homeLng, ends.lastScore, ends.reached::set);
        }
        LongStream.Builder found = LongStream.builder();
        for (int row = ends.reached.nextSetBit(0); row >= 0; row = ends.reached.nextSetBit(row + 1)) {
            found.add(ends.ids[2 * row]).add(ends.ids[2 * row + 1]);
        }
        return found.build();
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
        String arrivals = "refresh_venue where base_no is null or moved";
        return SnapshotVenues.read(
                        connection,
                        "select venue_id, lat, lng, category, likes from " + arrivals + " order by venue_no",
                        Counts.of(connection, arrivals))
                .catalog(maxLikes);
    }

    private Ends read(BitSet departed, int venuesPerUser) throws SQLException {
        Ends ends = new Ends(Counts.of(connection, base.inputs()));
        try (BinaryCopyReader rows = BinaryCopyReader.open(connection, """
                select i.position, i.user_id, i.home_lat, i.home_lng, length(r.ranking),
                       %s
                from %s i join %s r on r.user_id = i.user_id
                """.formatted(
                        departed.isEmpty()
                                ? "substring(r.ranking from length(r.ranking) - %s)".formatted(ENTRY_BYTES - 1)
                                : "r.ranking",
                        base.inputs(),
                        base.venueRankings()))) {
            while (rows.next()) {
                int row = rows.int4();
                rows.uuid(ends.ids, row);
                ends.homeLat[row] = rows.float8OrNaN();
                ends.homeLng[row] = rows.float8OrNaN();
                boolean takesMore = rows.int4() < venuesPerUser * ENTRY_BYTES;
                ByteBuffer entries = ByteBuffer.wrap(rows.bytea());
                ends.lastScore[row] = takesMore
                        ? Float.NEGATIVE_INFINITY
                        : entries.getFloat(entries.limit() - ENTRY_BYTES + VenueRankingCodec.SCORE_AT);
                for (int at = 0; !departed.isEmpty() && at < entries.limit(); at += ENTRY_BYTES) {
                    if (departed.get(entries.getInt(at))) {
                        ends.reached.set(row);
                        break;
                    }
                }
            }
        }
        return ends;
    }

    /** Of each user of the base, by position: what decides whether his list may change. */
    private static final class Ends {

        final long[] ids;
        final double[] homeLat;
        final double[] homeLng;
        final float[] lastScore;
        final BitSet reached = new BitSet();

        Ends(int users) {
            ids = new long[2 * users];
            homeLat = new double[users];
            homeLng = new double[users];
            lastScore = new float[users];
        }
    }
}
