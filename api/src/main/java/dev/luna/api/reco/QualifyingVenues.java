package dev.luna.api.reco;

import dev.luna.batch.scoring.InteractionMatrix;
import dev.luna.batch.scoring.PersonalScores;
import dev.luna.batch.scoring.VenueSelection;
import java.util.Arrays;
import java.util.UUID;
import java.util.function.IntPredicate;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** A {@link VenueFilter} applied to the current venues, for one user. Position = venueIndex. Immutable and thread-safe. */
final class QualifyingVenues implements IntPredicate {

    private final VenueFilter filter;
    private final VenueIndex index;
    private final VenueDetails details;
    private final boolean @Nullable [] wantedCategories;
    private final PersonalScores.@Nullable Circle circle;
    private final @Nullable InteractionMatrix own;
    private final int[] excluded;

    /**
     * @param own the user's interactions, one row; needed to leave out visited venues, and else not looked at
     * @throws IllegalArgumentException if they are needed and missing
     */
    QualifyingVenues(VenueFilter filter, VenueIndex index, PersonalScores scores, @Nullable InteractionMatrix own) {
        if (filter.excludesVisited() && own == null) {
            throw new IllegalArgumentException("visited venues cannot be told without the user's interactions");
        }
        this.filter = filter;
        this.index = index;
        this.details = index.details();
        this.own = own;
        wantedCategories = filter.categories().isEmpty() ? null : details.withCategories(filter.categories());
        circle = filter.maxDistanceKm() == null ? null : scores.circle(filter.maxDistanceKm());
        excluded = filter.excludedVenues().stream()
                .mapToInt((UUID id) -> index.current().indexOf(id))
                .sorted()
                .toArray();
    }

    /** What a ranker needs to leave out many venues at once. */
    VenueSelection selection() {
        return VenueSelection.of(this, index.facets(), FacetBits.wantedBy(filter, index.details()), circle().toList());
    }

    /** Whoever qualifies is in it, if there is one. */
    Stream<PersonalScores.Circle> circle() {
        return Stream.ofNullable(circle);
    }

    @Override
    public boolean test(int venue) {
        return refusedBy(venue) == null;
    }

    /** The query parameter that keeps a venue out; null when it qualifies. */
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
        if (circle != null && !circle.contains(venue)) {
            return "max_distance_km";
        }
        if (filter.excludesVisited() && own != null && own.entry(0, venue) >= 0) {
            return "exclude";
        }
        return Arrays.binarySearch(excluded, venue) >= 0 ? "exclude_venue_id" : null;
    }
}
