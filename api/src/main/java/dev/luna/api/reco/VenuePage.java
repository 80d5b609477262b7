package dev.luna.api.reco;

import dev.luna.batch.scoring.RankedVenue;
import java.util.List;

/**
 * A stretch of a user's ranking.
 *
 * @param entries best first; their venueIndex is that of the current venues
 * @param mayHaveMore whether entries may follow; false when it is empty
 */
record VenuePage(List<RankedVenue> entries, boolean mayHaveMore) {}
