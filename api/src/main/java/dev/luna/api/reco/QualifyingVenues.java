package dev.luna.api.reco;

import dev.luna.batch.scoring.InteractionMatrix;
import dev.luna.batch.scoring.PersonalScores;
import dev.luna.batch.scoring.VenueSelection;
import java.util.List;
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
        return selection(venues, List.of(this));
    }

    /** The same for a group: a venue qualifies if it does for every member. */
    static VenueSelection selection(FilteredVenues venues, List<QualifyingVenues> group) {
        VenueIndex index = venues.index();
        QualifyingVenues[] members = group.toArray(QualifyingVenues[]::new);
        return VenueSelection.of(
                members.length == 1 ? members[0] : venue -> isForAll(members, venue),
                index.facets(),
                FacetBits.wantedBy(venues.filter(), index.details()),
                group.stream()
                        .flatMap(member -> Stream.ofNullable(member.circle))
                        .toList());
    }

    private static boolean isForAll(QualifyingVenues[] members, int venue) {
        for (QualifyingVenues member : members) {
            if (!member.test(venue)) {
                return false;
            }
        }
        return true;
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
