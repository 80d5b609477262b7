package dev.luna.api.reco;

import dev.luna.batch.scoring.PersonalScores;
import dev.luna.batch.scoring.ScoringProfile;
import dev.luna.batch.scoring.VenueCatalog;
import dev.luna.batch.scoring.VenueFacets;
import dev.luna.batch.scoring.VenueRanker;
import java.util.BitSet;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.util.function.SingletonSupplier;

/**
 * The venues as they are now, in memory, and how a run's numbers translate to them. Immutable but for the ranker, the facets
 * and the texts, which are made when first needed; thread-safe. Memory: about 200 bytes a venue, and as much again once it is
 * served.
 */
final class VenueIndex {

    private final @Nullable RunVenues run;
    private final @Nullable RunVenues base;
    private final VenueCatalog current;
    private final ScoringProfile profile;
    private final VenueDetails details;
    private final VenueTexts texts;
    private final int[] arrivals;
    private final BitSet moved = new BitSet();
    private final BitSet recategorised = new BitSet();
    private final SingletonSupplier<VenueFacets> facets;

    /** Set before anybody else has the index. */
    private SingletonSupplier<VenueRanker> ranker;

    /**
     * @param run the run read; null before the first
     * @param base the full run that it refreshes; null when it is a full run itself
     * @param current the venues that exist, under the run's popularity (a venue newer than the run has no likes there),
     *     or under everybody's likes as they were counted before the first run
     * @param profile the run's profile, or the configured one before the first run
     * @param details of {@code current}
     */
    VenueIndex(
            @Nullable Generation run,
            @Nullable Generation base,
            VenueCatalog current,
            ScoringProfile profile,
            VenueDetails details) {
        this.run = run == null ? null : new RunVenues(run, current);
        this.base = base == null ? null : new RunVenues(base, current);
        this.current = current;
        this.profile = profile;
        this.details = details;
        texts = new VenueTexts(current, details);
        ranker = SingletonSupplier.of(() -> new VenueRanker(current, profile));
        facets = SingletonSupplier.of(() -> VenueFacets.of(ranker(), FacetBits.of(details)));
        BitSet arrived = new BitSet();
        for (int v = 0; run != null && v < current.size(); v++) {
            int no = run.venues().indexOf(current.id(v));
            boolean isHere = no >= 0
                    && run.venues().latDegrees(no) == current.latDegrees(v)
                    && run.venues().lngDegrees(no) == current.lngDegrees(v);
            arrived.set(v, !isHere);
            moved.set(v, no >= 0 && !isHere);
            recategorised.set(v, no >= 0 && !run.hasCategory(no, details.category(v)));
        }
        arrivals = arrived.stream().toArray();
    }

    /**
     * The same run beside other current venues.
     *
     * @throws IllegalStateException before the first run, when likes are not a run's
     */
    VenueIndex with(VenueCatalog otherVenues, VenueDetails otherDetails) {
        if (run == null) {
            throw new IllegalStateException("venues change likes before the first run; load the index anew");
        }
        VenueIndex other = new VenueIndex(
                run.generation(), base == null ? null : base.generation(), otherVenues, profile, otherDetails);
        if (otherVenues.hasPlacesOf(current)) {
            // Where venues are, and how popular, is all that ranking sees of them.
            other.ranker = ranker;
        }
        return other;
    }

    /** A venue's likes as the run counted them; 0 when it is newer. */
    int likesInRun(UUID venueId) {
        int no = run == null ? -1 : run.runVenueNo(venueId);
        return run == null || no < 0 ? 0 : run.generation().venues().likes(no);
    }

    VenueCatalog current() {
        return current;
    }

    ScoringProfile profile() {
        return profile;
    }

    VenueDetails details() {
        return details;
    }

    /** What answers say of {@link #current} venues. */
    VenueTexts texts() {
        return texts;
    }

    /** Venues that are new, or at another place, since the run's snapshot: those its rankings do not know. */
    int[] arrivals() {
        return arrivals;
    }

    /** Whether a venue was at another place at the run's snapshot. */
    boolean isMoved(int venue) {
        return moved.get(venue);
    }

    /** Whether a venue was of another category at the run's snapshot. */
    boolean isRecategorised(int venue) {
        return recategorised.get(venue);
    }

    /**
     * The dictionary of a stored row.
     *
     * @param runId the run that wrote it: the run read or its base
     */
    RunVenues writtenBy(long runId) {
        if (run != null && run.generation().runId() == runId) {
            return run;
        }
        if (base != null && base.generation().runId() == runId) {
            return base;
        }
        throw new IllegalStateException("a row of run " + runId + " was read as one of run "
                + (run == null ? "none" : run.generation().runId()) + ", which neither is nor refreshes it");
    }

    /** How many venues the run read knows; 0 before the first. */
    int runVenueCount() {
        return run == null ? 0 : run.generation().venues().size();
    }

    /** What single venues are to somebody. */
    PersonalScores scoresOf(Person person) {
        return new PersonalScores(current, profile, person.homeLatOrNaN(), person.homeLngOrNaN());
    }

    /** Scores live over the current venues. */
    VenueRanker ranker() {
        return ranker.obtain();
    }

    /** What the ranker's venues have of what filters ask for, as {@link FacetBits}. */
    VenueFacets facets() {
        return facets.obtain();
    }
}
