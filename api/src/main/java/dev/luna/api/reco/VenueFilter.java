package dev.luna.api.reco;

import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Which venues may be ranked. A part that is absent lets all venues pass; a venue without a price or rating does not pass a
 * part about it, and without a home no venue is within any distance of it. Who passes depends on the user and the venue, not
 * on the time: a client who has an answer is told that it holds as long as run, venues and user are the same.
 *
 * @param categories any of these; empty for all
 * @param maxPriceLevel 1 to 4
 * @param minRating 0 to 5
 * @param maxDistanceKm kilometres from home, at least 0
 * @param excludesVisited whether venues that the user has any interaction with are left out
 * @param excludedVenues venues to leave out
 */
record VenueFilter(
        SortedSet<String> categories,
        @Nullable Integer maxPriceLevel,
        @Nullable Double minRating,
        @Nullable Double maxDistanceKm,
        boolean excludesVisited,
        SortedSet<UUID> excludedVenues) {

    static final int MAX_PRICE_LEVEL = 4;

    /** A text, as annotations want it. */
    static final String MAX_RATING = "5";

    /** Farther than any two places are; a text, as annotations want it. */
    static final String MAX_DISTANCE_KM = "20100";

    /** Lets every venue pass. */
    static final VenueFilter NONE = new VenueFilter(new TreeSet<>(), null, null, null, false, new TreeSet<>());

    /** The filter of fields as they come; null means absent. */
    static VenueFilter of(
            @Nullable Collection<String> categories,
            @Nullable Integer maxPriceLevel,
            @Nullable Double minRating,
            @Nullable Double maxDistanceKm,
            @Nullable String exclude,
            @Nullable Collection<UUID> excludedVenues) {
        return new VenueFilter(
                setOf(categories),
                maxPriceLevel,
                minRating,
                maxDistanceKm,
                "visited".equals(exclude),
                setOf(excludedVenues));
    }

    boolean isEmpty() {
        return equals(NONE);
    }

    /** For {@link dev.luna.api.web.Cursor#question}. */
    List<@Nullable Object> parts() {
        return Arrays.asList(categories, maxPriceLevel, minRating, maxDistanceKm, excludesVisited, excludedVenues);
    }

    private static <T extends Comparable<T>> SortedSet<T> setOf(@Nullable Collection<T> values) {
        return values == null ? new TreeSet<>() : new TreeSet<>(values);
    }
}
