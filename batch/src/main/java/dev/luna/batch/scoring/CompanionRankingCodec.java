package dev.luna.batch.scoring;

import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * The packed form of one user's companion rankings, in general and at some venues, big-endian:
 *
 * <pre>
 * friends int2, general int2, venues int2
 * friends x (user_id 16 bytes, base float4)          the first `general` of them are the ranking without a venue
 * venues  x (venueIndex int4, n int2, n x entry)     one ranking per venue
 * entry   = int2 (bit 15: direct follows, bit 14: category follows, bits 13..0: index into friends),
 *           [direct float4], [category float4]       absent means 0
 * </pre>
 *
 * Scores are computed again from the components and the profile of the run; rounding to float4 moves them by less than
 * 1e-7 where weights sum to 1 and components end at 1. Friends are stored by id, so that no dictionary of users is needed
 * to read them. A {@link CompanionEncoder} packs. Immutable and thread-safe.
 */
public final class CompanionRankingCodec {

    static final int HEADER_BYTES = 6;
    static final int FRIEND_BYTES = 20;
    static final int DIRECT_FOLLOWS = 1 << 15;
    static final int CATEGORY_FOLLOWS = 1 << 14;

    /** Most friends that the rankings of one user can name together: 14 bits. */
    static final int MOST_FRIENDS = CATEGORY_FOLLOWS;

    private static final long CHECKSUM_DOMAIN = 2;

    private final VenueCatalog catalog;
    private final ScoringProfile profile;

    /**
     * @param catalog venues of the run that made the rankings
     * @param profile profile of that run
     */
    public CompanionRankingCodec(VenueCatalog catalog, ScoringProfile profile) {
        this.catalog = catalog;
        this.profile = profile;
    }

    /**
     * An entry's score as its packed form tells it, as a float: the same bits for an entry that was just scored and for one
     * that was read back, so that positions in a stored ranking and in the same one scored again can be compared.
     */
    public static float storedScore(ScoringProfile profile, StoredCompanion entry) {
        return (float)
                Scores.companion(profile, (float) entry.base(), (float) entry.direct(), (float) entry.category());
    }

    /** The first {@code limit} of the ranking without a venue. */
    public List<StoredCompanion> decodeGeneral(byte[] packed, int limit) {
        Reader in = new Reader(packed);
        int n = Math.min(limit, in.general);
        List<StoredCompanion> list = new ArrayList<>(n);
        for (int i = 0; i < n; i++) {
            list.add(companion(in, i, 0, 0));
        }
        return list;
    }

    /** Number of venues that have a ranking. */
    public int venues(byte[] packed) {
        return new Reader(packed).venues;
    }

    /** The first {@code limit} of the ranking at a venue; empty if none is stored for it. */
    public Optional<List<StoredCompanion>> decodeAt(byte[] packed, int venueIndex, int limit) {
        Reader in = new Reader(packed);
        for (int v = 0; v < in.venues; v++) {
            int venue = in.nextVenue();
            int n = in.entries;
            List<StoredCompanion> list = new ArrayList<>(venue == venueIndex ? Math.min(limit, n) : 0);
            for (int i = 0; i < n; i++) {
                in.nextEntry();
                if (venue == venueIndex && i < limit) {
                    list.add(companion(in, in.friend, in.direct, in.category));
                }
            }
            if (venue == venueIndex) {
                return Optional.of(list);
            }
        }
        return Optional.empty();
    }

    /**
     * Checksum of one user's stored companion rankings, over user id and, for each ranking, its venue's id and by rank the
     * friend's id and the stored bits of the components; see {@link VenueRankingCodec#checksum}.
     *
     * @param userIdHigh upper 64 bits of the user's id
     * @param userIdLow lower 64 bits of the user's id
     */
    public long checksum(long userIdHigh, long userIdLow, byte[] packed) {
        StoredChecksum checksum = new StoredChecksum(CHECKSUM_DOMAIN);
        checksum.add(userIdHigh);
        checksum.add(userIdLow);
        Reader in = new Reader(packed);
        checksum.add(in.general);
        for (int i = 0; i < in.general; i++) {
            in.addFriend(checksum, i);
        }
        for (int v = 0; v < in.venues; v++) {
            int venue = in.nextVenue();
            if (venue < 0 || venue >= catalog.size()) {
                throw new IllegalArgumentException("packed companion ranking names venue " + venue + "; expected 0 to "
                        + (catalog.size() - 1) + "; read it with the catalog of its own run");
            }
            checksum.add(catalog.ids().high(venue));
            checksum.add(catalog.ids().low(venue));
            checksum.add(in.entries);
            for (int i = 0, n = in.entries; i < n; i++) {
                in.nextEntry();
                in.addFriend(checksum, in.friend);
                checksum.add(((long) Float.floatToIntBits(in.direct) << 32) | Float.floatToIntBits(in.category));
            }
        }
        return checksum.value();
    }

    private StoredCompanion companion(Reader in, int friend, float direct, float category) {
        double base = in.base(friend);
        return new StoredCompanion(
                in.id(friend), Scores.companion(profile, base, direct, category), base, direct, category);
    }

    /** Walks over packed rankings. */
    private static final class Reader {

        private final ByteBuffer in;
        private final int friends;
        final int general;
        final int venues;

        /** Number of entries of the current venue. */
        int entries;

        /** The current entry. */
        int friend;

        float direct;
        float category;

        Reader(byte[] packed) {
            in = ByteBuffer.wrap(packed);
            friends = packed.length < HEADER_BYTES ? -1 : Short.toUnsignedInt(in.getShort());
            general = friends < 0 ? 0 : Short.toUnsignedInt(in.getShort());
            venues = friends < 0 ? 0 : Short.toUnsignedInt(in.getShort());
            if (friends < general || HEADER_BYTES + friends * FRIEND_BYTES > packed.length) {
                throw damaged(null);
            }
            in.position(HEADER_BYTES + friends * FRIEND_BYTES);
        }

        UUID id(int i) {
            int at = HEADER_BYTES + i * FRIEND_BYTES;
            return new UUID(in.getLong(at), in.getLong(at + 8));
        }

        double base(int i) {
            return in.getFloat(HEADER_BYTES + i * FRIEND_BYTES + 16);
        }

        void addFriend(StoredChecksum checksum, int i) {
            int at = HEADER_BYTES + i * FRIEND_BYTES;
            checksum.add(in.getLong(at));
            checksum.add(in.getLong(at + 8));
            checksum.add(in.getInt(at + 16));
        }

        int nextVenue() {
            try {
                int venue = in.getInt();
                entries = Short.toUnsignedInt(in.getShort());
                return venue;
            } catch (BufferUnderflowException e) {
                throw damaged(e);
            }
        }

        void nextEntry() {
            try {
                int head = Short.toUnsignedInt(in.getShort());
                friend = head & (MOST_FRIENDS - 1);
                direct = (head & DIRECT_FOLLOWS) != 0 ? in.getFloat() : 0;
                category = (head & CATEGORY_FOLLOWS) != 0 ? in.getFloat() : 0;
            } catch (BufferUnderflowException e) {
                throw damaged(e);
            }
            if (friend >= friends) {
                throw damaged(null);
            }
        }

        private IllegalArgumentException damaged(@Nullable Throwable cause) {
            return new IllegalArgumentException(
                    "packed companion ranking of " + in.capacity()
                            + " bytes contradicts its own counts; expected a row written by this version",
                    cause);
        }
    }
}
