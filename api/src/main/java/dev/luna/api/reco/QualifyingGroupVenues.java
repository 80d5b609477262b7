package dev.luna.api.reco;

import dev.luna.batch.scoring.InteractionMatrix;
import dev.luna.batch.scoring.PersonalScores;
import dev.luna.batch.scoring.VenueSelection;
import java.util.ArrayList;
import java.util.List;
import java.util.function.IntPredicate;

/** A {@link VenueFilter} applied for a group: a venue qualifies if it does for every member. Immutable and thread-safe. */
final class QualifyingGroupVenues implements IntPredicate {

    private final VenueFilter filter;
    private final VenueIndex index;
    private final List<QualifyingVenues> members = new ArrayList<>();

    /** @param own the members' interactions; row = place among the people */
    QualifyingGroupVenues(VenueFilter filter, VenueIndex index, List<Person> people, InteractionMatrix own) {
        this.filter = filter;
        this.index = index;
        for (int member = 0; member < people.size(); member++) {
            PersonalScores scores = new PersonalScores(
                    index.current(),
                    index.profile(),
                    people.get(member).homeLatOrNaN(),
                    people.get(member).homeLngOrNaN());
            members.add(new QualifyingVenues(filter, index, scores, own.row(member)));
        }
    }

    /** What a ranker needs to leave out many venues at once. */
    VenueSelection selection() {
        return VenueSelection.of(
                this,
                index.facets(),
                FacetBits.wantedBy(filter, index.details()),
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
