package dev.luna.batch.scoring;

import java.util.List;
import java.util.Optional;

/** The packed form of one user's companion rankings, in general and at his first venues. */
public final class CompanionRankingCodec {

    private final VenueCatalog catalog;
    private final ScoringProfile profile;

    public CompanionRankingCodec(VenueCatalog catalog, ScoringProfile profile) {
        this.catalog = catalog;
        this.profile = profile;
    }

    /**
     * Starts packing.
     *
     * @param userIdHigh upper 64 bits of the ids by userIndex
     * @param userIdLow lower 64 bits of the ids by userIndex
     */
    public Encoder newEncoder(long[] userIdHigh, long[] userIdLow) {
        return new Encoder();
    }

    /** The ranking without a venue, its first {@code limit}. */
    public List<StoredCompanion> decodeGeneral(byte[] packed, int limit) {
        throw new UnsupportedOperationException(catalog.size() + " " + profile);
    }

    /** The ranking at a venue, its first {@code limit}; empty if none is stored for it. */
    public Optional<List<StoredCompanion>> decodeAt(byte[] packed, int venueIndex, int limit) {
        throw new UnsupportedOperationException();
    }

    /** Checksum of one user's stored companion rankings; see {@link VenueRankingCodec#checksum}. */
    public long checksum(long userIdHigh, long userIdLow, byte[] packed) {
        throw new UnsupportedOperationException();
    }

    /** Collects one user's rankings after another; not thread-safe. */
    public static final class Encoder implements CompanionRanker.Sink {

        Encoder() {}

        /** Begins a user with the ranking without a venue. */
        public void begin(CompanionRanking general) {
            throw new UnsupportedOperationException();
        }

        /** Adds the ranking at a venue. */
        @Override
        public void accept(int venueIndex, CompanionRanking ranking) {
            throw new UnsupportedOperationException();
        }

        /** Ends the user and returns his packed rankings. */
        public byte[] finish() {
            throw new UnsupportedOperationException();
        }
    }
}
