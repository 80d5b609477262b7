package dev.luna.api.reco;

import dev.luna.batch.scoring.StoredCompanion;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;

/**
 * A stretch of a user's companions.
 *
 * @param entries best first
 * @param nameById the name of each of them
 * @param firstRank rank of the first entry
 * @param mayHaveMore whether entries may follow; false when it is empty
 */
record CompanionPage(List<StoredCompanion> entries, Map<UUID, String> nameById, int firstRank, boolean mayHaveMore) {

    List<RecommendedCompanion> items() {
        List<RecommendedCompanion> items = new ArrayList<>(entries.size());
        for (StoredCompanion entry : entries) {
            items.add(RecommendedCompanion.of(
                    firstRank + items.size(), entry, Objects.requireNonNull(nameById.get(entry.userId()))));
        }
        return items;
    }

    /**
     * Tells pages apart by all that is in them: names change without a run or a venue changing. 64 bits as text, mixed as
     * FNV-1a does it, but by words and characters instead of bytes.
     */
    String contentTag() {
        long hash = 0xcbf29ce484222325L;
        for (StoredCompanion entry : entries) {
            hash = mixed(hash, entry.userId().getMostSignificantBits());
            hash = mixed(hash, entry.userId().getLeastSignificantBits());
            hash = mixed(hash, Double.doubleToLongBits(entry.score()));
            String name = Objects.requireNonNull(nameById.get(entry.userId()));
            for (int i = 0; i < name.length(); i++) {
                hash = mixed(hash, name.charAt(i));
            }
        }
        return Long.toHexString(hash);
    }

    private static long mixed(long hash, long value) {
        return (hash ^ value) * 0x100000001b3L;
    }
}
