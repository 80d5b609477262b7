package dev.luna.api.reco;

import dev.luna.batch.scoring.InteractionMatrix;
import dev.luna.batch.scoring.PersonalScores;
import java.util.Arrays;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A {@link VenueFilter} applied to the current venues, made once for all whom it is asked for. Position = venueIndex.
 * Immutable and thread-safe.
 */
final class FilteredVenues {

    private final VenueFilter filter;
    private final VenueIndex index;
    private final VenueDetails details;
    private final boolean @Nullable [] wantedCategories;
    private final int[] excluded;

    FilteredVenues(VenueFilter filter, VenueIndex index) {
        this.filter = filter;
        this.index = index;
        details = index.details();
        wantedCategories = filter.categories().isEmpty() ? null : details.withCategories(filter.categories());
        excluded = filter.excludedVenues().stream()
                .mapToInt((UUID id) -> index.current().indexOf(id))
                .sorted()
                .toArray();
    }

    VenueFilter filter() {
        return filter;
    }

    VenueIndex index() {
        return index;
    }

    /**
     * Those that qualify for one user; null when all do.
     *
     * @param own the user's interactions, one row; needed to leave out visited venues, and else not looked at
     * @throws IllegalArgumentException if they are needed and missing
     */
    @Nullable
    QualifyingVenues of(PersonalScores scores, @Nullable InteractionMatrix own) {
        return filter.isEmpty() ? null : new QualifyingVenues(this, scores, own);
    }

    /** The query parameter that keeps a venue out for everybody; null when there is none. */
    @Nullable
    String refusedBy(int venue) {
        if (wantedCategories != null && !wantedCategories[details.categoryCode(venue) + 1]) {
            return "category";
        }
        Integer maxPriceLevel = filter.maxPriceLevel();
        if (maxPriceLevel != null && !(details.priceLevel(venue) <= maxPriceLevel)) {
            return "max_price_level";
        }
        Double minRating = filter.minRating();
        if (minRating != null && !(details.rating(venue) >= minRating)) {
            return "min_rating";
        }
        return Arrays.binarySearch(excluded, venue) >= 0 ? "exclude_venue_id" : null;
    }
}
