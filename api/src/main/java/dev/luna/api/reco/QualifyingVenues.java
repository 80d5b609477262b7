package dev.luna.api.reco;

import dev.luna.batch.scoring.InteractionMatrix;
import dev.luna.batch.scoring.PersonalScores;
import dev.luna.batch.scoring.VenueSelection;
import java.util.function.IntPredicate;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** What {@link FilteredVenues} leave to one user. Position = venueIndex. Immutable and thread-safe. */
final class QualifyingVenues implements IntPredicate {

    private final FilteredVenues venues;
    private final PersonalScores.@Nullable Circle circle;
    private final @Nullable InteractionMatrix visited;

    /** As {@link FilteredVenues#of}. */
    QualifyingVenues(FilteredVenues venues, PersonalScores scores, @Nullable InteractionMatrix own) {
        VenueFilter filter = venues.filter();
        if (filter.excludesVisited() && own == null) {
            throw new IllegalArgumentException("visited venues cannot be told without the user's interactions");
        }
        this.venues = venues;
        circle = filter.maxDistanceKm() == null ? null : scores.circle(filter.maxDistanceKm());
        visited = filter.excludesVisited() ? own : null;
    }

    /** What a ranker needs to leave out many venues at once. */
    VenueSelection selection() {
        VenueIndex index = venues.index();
        return VenueSelection.of(
                this, index.facets(), FacetBits.wantedBy(venues.filter(), index.details()), circle().toList());
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
        String forAll = venues.refusedBy(venue);
        if (forAll != null) {
            return forAll;
        }
        if (circle != null && !circle.contains(venue)) {
            return "max_distance_km";
        }
        return visited != null && visited.entry(0, venue) >= 0 ? "exclude" : null;
    }
}
