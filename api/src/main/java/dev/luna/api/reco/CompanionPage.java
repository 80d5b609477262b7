package dev.luna.api.reco;

import dev.luna.batch.scoring.StoredCompanion;
import java.nio.charset.StandardCharsets;
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

    /** Tells pages apart by all that is in them: names change without a run or a venue changing. */
    String contentTag() {
        return UUID.nameUUIDFromBytes(items().toString().getBytes(StandardCharsets.UTF_8))
                .toString();
    }
}
