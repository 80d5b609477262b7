package dev.luna.batch.scoring;

import java.util.List;
import java.util.function.IntPredicate;

/**
 * Which venues may be ranked: a test that decides about each of them, and conditions that every venue which passes meets,
 * by which a search leaves out whole nodes of the tree without testing their venues. As thread-safe as the test.
 */
public final class VenueSelection {

    private final IntPredicate qualifies;
    private final VenueFacets facets;
    private final long[] wanted;
    private final List<PersonalScores.Circle> circles;

    private VenueSelection(
            IntPredicate qualifies, VenueFacets facets, long[] wanted, List<PersonalScores.Circle> circles) {
        this.qualifies = qualifies;
        this.facets = facets;
        this.wanted = wanted;
        this.circles = circles;
    }

    /**
     * A test with what is known of those that pass.
     *
     * @param qualifies says of a venueIndex whether it may be ranked; false for venues that miss one of the conditions
     * @param facets of the ranker that is to rank
     * @param wanted whoever passes has at least one bit of each of these; must not be changed afterwards
     * @param circles whoever passes is in all of these
     */
    public static VenueSelection of(
            IntPredicate qualifies, VenueFacets facets, long[] wanted, List<PersonalScores.Circle> circles) {
        return new VenueSelection(qualifies, facets, wanted, List.copyOf(circles));
    }

    /** Refuses a tree that the facets are not of, whose nodes would be mistaken for others. */
    void requireTree(VenueTree tree) {
        if (!facets.areOf(tree)) {
            throw new IllegalArgumentException("the selection has facets of another ranker; make it with this one's");
        }
    }

    /** Whether a venue may be ranked. */
    boolean admits(int venue) {
        return hasWanted(facets.ofVenue(venue)) && qualifies.test(venue);
    }

    /** False only if {@link #admits} is false for each venue of the node. */
    boolean mayAdmitAnyOf(VenueTree tree, int node) {
        // A node's bits are all of its venues' bits: where none of the wanted ones is among them, no venue has one.
        if (!hasWanted(facets.ofNode(node))) {
            return false;
        }
        for (int i = 0; i < circles.size(); i++) {
            if (!circles.get(i).mayReach(tree, node)) {
                return false;
            }
        }
        return true;
    }

    private boolean hasWanted(long bits) {
        for (long any : wanted) {
            if ((bits & any) == 0) {
                return false;
            }
        }
        return true;
    }
}
