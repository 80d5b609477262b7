package dev.luna.api.reco;

import dev.luna.batch.scoring.PersonalScores;
import dev.luna.batch.scoring.RankedVenue;
import java.util.ArrayList;
import java.util.List;
import java.util.function.IntPredicate;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Answers from the ranking that a run stored for a user who has not changed since, when that provably is the true top.
 *
 * <p>The stored list is the first K of the run's full ranking. Taking away deleted venues and those that do not qualify
 * leaves the first of what is left, so it answers when enough are left, or when it held all venues of the run read. Venues
 * that are new since, or at another place, are missing or wrong in it; it answers only when none of them can reach the page.
 */
final class StoredVenueRanking {

    /** More than so many new venues, each to be compared on every read, cost more than scoring live. */
    private static final int MOST_ARRIVALS = 256;

    private StoredVenueRanking() {}

    /** A stretch of the stored list, and what was met on the way. */
    private record Stretch(List<RankedVenue> entries, boolean isReached, boolean metMoved, boolean isAtEnd) {}

    /** Whether {@link #page} does not look at the user's scores. */
    static boolean needsNoScores(VenueQuestion question, VenueIndex index) {
        return question.filter().maxDistanceKm() == null && index.arrivals().length == 0;
    }

    /** The page, or null when the stored list cannot answer exactly. */
    static @Nullable VenuePage page(
            PublishedReads.PackedRanking ranking,
            VenueQuestion question,
            FilteredVenues venues,
            PersonalScores scores) {
        VenueIndex index = venues.index();
        if (index.arrivals().length > MOST_ARRIVALS) {
            return null;
        }
        byte[] packed = ranking.packed();
        RunVenues run = index.writtenBy(ranking.writtenBy());
        // A refresh leaves its base's list to a user only if it knows all that is in it: as many are the same.
        boolean holdsAll = run.venueCodec().size(packed) == index.runVenueCount();
        IntPredicate qualifies = venues.of(scores, null);
        Stretch stretch = stretch(
                packed, run, question, index, qualifies == null ? null : entry -> qualifies.test(entry.venueIndex()));
        List<RankedVenue> entries = stretch.entries();
        boolean isFull = entries.size() == question.limit();
        if (!stretch.isReached() || stretch.metMoved() || (!isFull && !holdsAll)) {
            return null;
        }
        double least = isFull ? beforeRounding(entries.get(entries.size() - 1)) : Double.NEGATIVE_INFINITY;
        for (int venue : index.arrivals()) {
            double most = index.isMoved(venue)
                    ? scores.mostPossible(venue)
                    : scores.score(venue, 0, 0).score();
            if (most >= least && (qualifies == null || qualifies.test(venue))) {
                return null;
            }
        }
        boolean mayHaveMore = isFull && (!stretch.isAtEnd() || !holdsAll || index.arrivals().length > 0);
        return new VenuePage(entries, mayHaveMore);
    }

    /** Less than the score was before it was rounded to a stored float4: by half a unit in its last place at most. */
    private static double beforeRounding(RankedVenue stored) {
        float score = (float) stored.score();
        return score - Math.ulp(score);
    }

    /**
     * The page of what the run stored, whatever has happened since; only deleted venues are missing. Distances are those of
     * the run, to filters too.
     */
    static VenuePage asItWas(PublishedReads.PackedRanking ranking, VenueQuestion question, FilteredVenues venues) {
        Double mostKm = question.filter().maxDistanceKm();
        Stretch stretch = stretch(
                ranking.packed(),
                venues.index().writtenBy(ranking.writtenBy()),
                question,
                venues.index(),
                entry -> (mostKm == null || entry.distanceKm() <= mostKm)
                        && venues.refusedBy(entry.venueIndex()) == null);
        return new VenuePage(stretch.entries(), !stretch.isAtEnd());
    }

    /** All that a run stored, deleted venues too. */
    static List<PageEnd.Entry> entries(PublishedReads.PackedRanking ranking, VenueIndex index) {
        RunVenues run = index.writtenBy(ranking.writtenBy());
        List<RankedVenue> all = run.venueCodec().decode(ranking.packed(), Integer.MAX_VALUE);
        return PageEnd.Entry.ofVenues(all, run.generation().venues());
    }

    /** @param qualifies whether an entry under its current number may be in it; null for all */
    private static Stretch stretch(
            byte[] packed,
            RunVenues run,
            VenueQuestion question,
            VenueIndex index,
            @Nullable Predicate<RankedVenue> qualifies) {
        int size = run.venueCodec().size(packed);
        PageEnd after = question.after();
        // By the run's number: the venue where the page before ended may be deleted by now.
        int lastOfPageBefore = after == null ? -1 : run.runVenueNo(after.id());
        boolean isReached = after == null;
        boolean metMoved = false;
        List<RankedVenue> entries = new ArrayList<>(Math.min(question.limit(), size));
        int i = 0;
        for (; i < size && entries.size() < question.limit(); i++) {
            RankedVenue entry = run.venueCodec().entry(packed, i);
            int current = run.currentIndex(entry.venueIndex());
            metMoved |= current >= 0 && index.isMoved(current);
            if (!isReached) {
                isReached = entry.venueIndex() == lastOfPageBefore;
            } else if (current >= 0) {
                RankedVenue venue = entry.at(current);
                if (qualifies == null || qualifies.test(venue)) {
                    entries.add(venue);
                }
            }
        }
        return new Stretch(entries, isReached, metMoved, i == size);
    }
}
