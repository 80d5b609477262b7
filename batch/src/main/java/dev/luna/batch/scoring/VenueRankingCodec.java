package dev.luna.batch.scoring;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/**
 * The packed form of a venue ranking: 16 bytes an entry, best first, big-endian: venueIndex int4, score float4,
 * distance_km float4 (NaN without a home), preference float4. Spatial is computed from the distance and popularity comes
 * from the catalog of the run. Immutable and thread-safe.
 */
public final class VenueRankingCodec {

    /** Bytes of one entry. */
    public static final int ENTRY_BYTES = 16;

    private final VenueCatalog catalog;
    private final ScoringProfile profile;

    public VenueRankingCodec(VenueCatalog catalog, ScoringProfile profile) {
        this.catalog = catalog;
        this.profile = profile;
    }

    /** Packs a ranking. */
    public byte[] encode(VenueRanking ranking) {
        ByteBuffer packed = ByteBuffer.allocate(ranking.size() * ENTRY_BYTES);
        for (int i = 0; i < ranking.size(); i++) {
            packed.putInt(ranking.venue(i))
                    .putFloat((float) ranking.score(i))
                    .putFloat((float) ranking.distanceKm(i))
                    .putFloat((float) ranking.preference(i));
        }
        return packed.array();
    }

    /** Number of venues in a packed ranking. */
    public int size(byte[] packed) {
        return packed.length / ENTRY_BYTES;
    }

    /** The first {@code limit} venues of a packed ranking. */
    public List<RankedVenue> decode(byte[] packed, int limit) {
        ByteBuffer in = ByteBuffer.wrap(packed);
        int n = Math.min(limit, size(packed));
        List<RankedVenue> list = new ArrayList<>(n);
        for (int i = 0; i < n; i++) {
            int venue = in.getInt();
            double score = in.getFloat();
            double km = in.getFloat();
            double preference = in.getFloat();
            list.add(new RankedVenue(
                    venue, score, km, Scores.spatial(profile, km), preference, catalog.popularity(venue)));
        }
        return list;
    }

    /**
     * Checksum of one user's stored ranking, over user id, rank, venue id and the stored bits of the score. The checksum
     * of a run is the xor over its users of this and {@link CompanionRankingCodec#checksum}.
     */
    public long checksum(long userIdHigh, long userIdLow, byte[] packed) {
        ByteBuffer in = ByteBuffer.wrap(packed);
        long hash = userIdHigh * 31 + userIdLow;
        for (int i = 0; i < size(packed); i++) {
            int venue = in.getInt(i * ENTRY_BYTES);
            hash = hash * 31 + catalog.idHigh(venue);
            hash = hash * 31 + catalog.idLow(venue);
            hash = hash * 31 + in.getInt(i * ENTRY_BYTES + 4);
        }
        return hash;
    }
}
