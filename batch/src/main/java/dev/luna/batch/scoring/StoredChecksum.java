package dev.luna.batch.scoring;

/**
 * A 64-bit checksum of a sequence of longs, in which every bit of every long and the order matter. Each step is a bijection
 * of the state for a given long and of the long for a given state (xor, multiplication by an odd number, rotation), so two
 * sequences of equal length that differ in one place never agree; the end is the finalizer of MurmurHash3 (Austin Appleby,
 * 2011, public domain), so that xor over many users mixes well. Not cryptographic.
 */
final class StoredChecksum {

    private long state;

    /** @param domain tells checksums of different things over the same longs apart */
    StoredChecksum(long domain) {
        state = domain;
    }

    void add(long value) {
        state = Long.rotateLeft((state ^ value) * 0x9E3779B97F4A7C15L, 29) + 0x52DCE729L;
    }

    long value() {
        long h = state;
        h = (h ^ (h >>> 33)) * 0xFF51AFD7ED558CCDL;
        h = (h ^ (h >>> 33)) * 0xC4CEB9FE1A85EC53L;
        return h ^ (h >>> 33);
    }
}
