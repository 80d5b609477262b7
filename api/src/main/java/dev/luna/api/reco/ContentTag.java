package dev.luna.api.reco;

import java.util.List;

/** Tells lists of people apart by all that is in them: names change without a run or a venue changing. */
final class ContentTag {

    private ContentTag() {}

    /** Over a list in its order: 64 bits, FNV-1a, as text. */
    static String of(List<RecommendedCompanion> list) {
        long hash = 0xcbf29ce484222325L;
        for (RecommendedCompanion companion : list) {
            hash = mixed(hash, companion.userId().getMostSignificantBits());
            hash = mixed(hash, companion.userId().getLeastSignificantBits());
            hash = mixed(hash, Double.doubleToLongBits(companion.score()));
            for (int i = 0; i < companion.name().length(); i++) {
                hash = mixed(hash, companion.name().charAt(i));
            }
        }
        return Long.toHexString(hash);
    }

    private static long mixed(long hash, long value) {
        return (hash ^ value) * 0x100000001b3L;
    }
}
