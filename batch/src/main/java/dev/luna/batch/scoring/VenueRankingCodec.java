package dev.luna.batch.scoring;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/**
 * The packed form of a venue ranking: {@value #ENTRY_BYTES} bytes an entry, best first, big-endian: venueIndex int4, score
 * float4, distance_km float4 (NaN without a home), preference float4. Spatial is computed again from the distance, and
 * popularity comes from the catalog of the run. Rounding to float4 is relative, 6e-8, so a score is kept to 1e-7. In SQL, the
 * view {@code published_venue_ranking} unpacks it.
 * Immutable and thread-safe.
 */
public final class VenueRankingCodec {

    /** Bytes of one entry. */
    public static final int ENTRY_BYTES = 16;

    /** Where in an entry its score stands, in bytes. */
    public static final int SCORE_AT = 4;

    private static final long CHECKSUM_DOMAIN = 1;

    private final VenueCatalog catalog;
    private final ScoringProfile profile;

    /**
     * @param catalog venues of the run that made the rankings
     * @param profile profile of that run
     */
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

    /**
     * Number of venues in a packed ranking.
     *
     * @throws IllegalArgumentException if the length is not a whole number of entries
     */
    public int size(byte[] packed) {
        if (packed.length % ENTRY_BYTES != 0) {
            throw new IllegalArgumentException("packed venue ranking has " + packed.length
                    + " bytes; expected a multiple of " + ENTRY_BYTES + "; the row was not written by this version");
        }
        return packed.length / ENTRY_BYTES;
    }

    /**
     * The first {@code limit} venues of a packed ranking.
     *
     * @throws IllegalArgumentException if it was not packed over this catalog
     */
    public List<RankedVenue> decode(byte[] packed, int limit) {
        int n = Math.min(limit, size(packed));
        List<RankedVenue> list = new ArrayList<>(n);
        for (int i = 0; i < n; i++) {
            list.add(entry(packed, i));
        }
        return list;
    }

    /**
     * The venue at place {@code i}, from 0, of a packed ranking.
     *
     * @throws IllegalArgumentException if it was not packed over this catalog
     */
    public RankedVenue entry(byte[] packed, int i) {
        ByteBuffer in = ByteBuffer.wrap(packed, i * ENTRY_BYTES, ENTRY_BYTES);
        int venue = requireVenue(in.getInt());
        double score = in.getFloat();
        double km = in.getFloat();
        double preference = in.getFloat();
        return new RankedVenue(venue, score, km, Scores.spatial(profile, km), preference, catalog.popularity(venue));
    }

    /**
     * Checksum of one user's stored ranking, over user id, rank, venue id and the stored bits of the score. The checksum
     * of a run is the xor over its users of this and {@link CompanionRankingCodec#checksum}.
     *
     * @param userIdHigh upper 64 bits of the user's id
     * @param userIdLow lower 64 bits of the user's id
     */
    public long checksum(long userIdHigh, long userIdLow, byte[] packed) {
        StoredChecksum checksum = new StoredChecksum(CHECKSUM_DOMAIN);
        checksum.add(userIdHigh);
        checksum.add(userIdLow);
        ByteBuffer in = ByteBuffer.wrap(packed);
        // The rank is the place in the sequence, and order matters to the checksum.
        for (int i = 0, n = size(packed); i < n; i++) {
            int venue = requireVenue(in.getInt(i * ENTRY_BYTES));
            checksum.add(catalog.ids().high(venue));
            checksum.add(catalog.ids().low(venue));
            checksum.add(in.getInt(i * ENTRY_BYTES + SCORE_AT));
        }
        return checksum.value();
    }

    private int requireVenue(int venue) {
        if (venue < 0 || venue >= catalog.size()) {
            throw new IllegalArgumentException("packed venue ranking names venue " + venue + "; expected 0 to "
                    + (catalog.size() - 1) + "; decode it with the catalog of its own run");
        }
        return venue;
    }
}
