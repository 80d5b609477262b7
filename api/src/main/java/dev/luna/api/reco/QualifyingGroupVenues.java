package dev.luna.api.reco;

import dev.luna.batch.scoring.InteractionMatrix;
import dev.luna.batch.scoring.VenueSelection;
import java.util.ArrayList;
import java.util.List;
import java.util.function.IntPredicate;

/** A {@link VenueFilter} applied for a group: a venue qualifies if it does for every member. Immutable and thread-safe. */
final class QualifyingGroupVenues implements IntPredicate {

    private final FilteredVenues venues;
    private final List<QualifyingVenues> members = new ArrayList<>();

    /** @param own the members' interactions; row = place among the people */
    QualifyingGroupVenues(FilteredVenues venues, List<Person> people, InteractionMatrix own) {
        this.venues = venues;
        for (int member = 0; member < people.size(); member++) {
            members.add(new QualifyingVenues(venues, venues.index().scoresOf(people.get(member)), own.row(member)));
        }
    }

    /** What a ranker needs to leave out many venues at once. */
    VenueSelection selection() {
        VenueIndex index = venues.index();
        return VenueSelection.of(
                this,
                index.facets(),
                FacetBits.wantedBy(venues.filter(), index.details()),
                members.stream().flatMap(QualifyingVenues::circle).toList());
    }

    @Override
    public boolean test(int venue) {
        for (QualifyingVenues member : members) {
            if (!member.test(venue)) {
                return false;
            }
        }
        return true;
    }
}
