package dev.luna.api.reco;

import dev.luna.api.web.ProblemException;
import dev.luna.batch.scoring.InteractionMatrix;
import dev.luna.batch.scoring.PersonalScores;
import dev.luna.batch.scoring.RankedVenue;
import dev.luna.batch.scoring.VenueSelection;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Service;

/**
 * A user's best venues: the true top of the venues there are, by what the user has done by now, under the popularity and
 * profile of a run. {@link StoredVenueRanking} answers when it provably holds that; otherwise the same code scores live.
 */
@Service
class VenueRecommendations {

    private final PublishedReads reads;
    private final VenueIndexes indexes;
    private final LiveInputs inputs;

    VenueRecommendations(PublishedReads reads, VenueIndexes indexes, LiveInputs inputs) {
        this.reads = reads;
        this.indexes = indexes;
        this.inputs = inputs;
    }

    /**
     * A page before its names are written out.
     *
     * @param answer its venueIndex are those of the index's current venues
     * @param firstRank rank of the first item
     * @param own the user's interactions that it was scored from; null when a run stored it
     */
    record Found(
            Answer<RankedVenue> answer,
            int firstRank,
            VenueIndex index,
            @Nullable InteractionMatrix own) {}

    /** @throws ProblemException 404 when there is no such user, 410 when a page's run is gone */
    Answer<RecommendedVenue> top(VenueQuestion question) {
        return question.explains()
                ? Attempts.untilReadsAgree(() -> attempt(question).flatMap(found -> explained(found, question)))
                : named(find(question), null);
    }

    /** Empty when the user has acted since the stored ranking was read: the facts would be others than the scores are of. */
    private Optional<Answer<RecommendedVenue>> explained(Found found, VenueQuestion question) {
        if (found.own() != null) {
            return Optional.of(named(found, found.own()));
        }
        return own(question, found.index())
                .flatMap(
                        own -> reads.freshness(question.userId(), found.answer().runId())
                                .filter(seen -> seen.state().runId() != null && !seen.isChanged())
                                .map(seen -> named(found, own.interactions())));
    }

    /** @param own the user's interactions, which become facts; null for none */
    private static Answer<RecommendedVenue> named(Found found, @Nullable InteractionMatrix own) {
        List<RecommendedVenue> items = new ArrayList<>(found.answer().items().size());
        for (RankedVenue entry : found.answer().items()) {
            items.add(RecommendedVenue.of(found.firstRank() + items.size(), entry, found.index(), own));
        }
        return found.answer().with(items);
    }

    /** @throws ProblemException as {@link #top} */
    Found find(VenueQuestion question) {
        return Attempts.untilReadsAgree(() -> attempt(question));
    }

    /**
     * The answer without its items, if the client has it already: what a ranking is made of has not changed. Looks at no
     * ranking.
     *
     * @throws ProblemException as {@link #top}
     */
    Optional<Answer<RecommendedVenue>> unchanged(VenueQuestion question, KnownAnswers known) {
        if (known.isEmpty()) {
            return Optional.empty();
        }
        PublishedReads.Freshness seen = reads.freshness(question.userId(), question.pinnedRun())
                .orElseThrow(() -> ProblemException.unknown("user", question.userId()));
        PinnedRun.requireThere(question, seen.state(), reads);
        return unchanged(question, seen.state(), seen.isChanged(), known, validator -> validator);
    }

    /** The same of an answer whose validator is made of the venues' own. */
    static Optional<Answer<RecommendedVenue>> unchanged(
            VenueQuestion question,
            ReadState state,
            boolean isChanged,
            KnownAnswers known,
            UnaryOperator<String> validatorOf) {
        for (boolean isStored : new boolean[] {true, false}) {
            String venues = validator(question, state, isChanged, isStored);
            String validator = venues == null ? null : validatorOf.apply(venues);
            if (validator != null && known.names(validator)) {
                return Optional.of(Answer.unchanged(state, isStored, validator));
            }
        }
        return Optional.empty();
    }

    /** Null when the user's own data decides, or no run does. */
    private static @Nullable String validator(
            VenueQuestion question, ReadState state, boolean isChanged, boolean isStored) {
        boolean isOfRun = question.runId() != null || !isChanged;
        return state.runId() == null || !isOfRun
                ? null
                : (isStored ? "" : "l.") + state.runTag() + "." + state.catalogVersion();
    }

    /** What the run stored, when that is what was asked for or is as good as live. */
    static @Nullable VenuePage stored(
            PublishedReads.StoredVenues row, VenueQuestion question, FilteredVenues venues, PersonalScores scores) {
        PublishedReads.PackedRanking ranking = row.ranking();
        if (question.runId() == null) {
            return ranking == null || row.isChanged() || question.filter().excludesVisited()
                    ? null
                    : StoredVenueRanking.page(ranking, question, venues, scores);
        }
        if (ranking == null) {
            throw ProblemException.notFound(
                    "Run " + question.runId() + " has no ranking of the user " + question.userId());
        }
        return StoredVenueRanking.asItWas(ranking, question, venues);
    }

    private Optional<Found> attempt(VenueQuestion question) {
        Optional<Found> found = ordinary(question);
        return found.isPresent() ? found : any(question);
    }

    /** Where the stored list can be looked at without the user's home: the stored answer, or else the live one. */
    private Optional<Found> ordinary(VenueQuestion question) {
        VenueIndex known = indexes.published();
        if (known == null
                || question.pinnedRun() != null
                || question.filter().excludesVisited()
                || !StoredVenueRanking.needsNoScores(question, known)) {
            return Optional.empty();
        }
        return reads.ranked(question.userId())
                .flatMap(read -> indexes.get(read.state())
                        .filter(index -> StoredVenueRanking.needsNoScores(question, index))
                        .flatMap(index -> {
                            FilteredVenues venues = new FilteredVenues(question.filter(), index);
                            PublishedReads.PackedRanking ranking = read.ranking();
                            VenuePage page = ranking == null
                                    ? null
                                    : StoredVenueRanking.page(ranking, question, venues, anywhere(index));
                            return page == null
                                    ? live(read.state(), ranking, ranking == null, question, venues)
                                    : Optional.of(found(question, read.state(), page, null, false, index));
                        }));
    }

    /** Of nobody in particular, where they are not looked at. */
    private static PersonalScores anywhere(VenueIndex index) {
        return new PersonalScores(index.current(), index.profile(), Double.NaN, Double.NaN);
    }

    private Optional<Found> any(VenueQuestion question) {
        PublishedReads.StoredVenues row = reads.venues(question.userId(), question.pinnedRun())
                .orElseThrow(() -> ProblemException.unknown("user", question.userId()));
        ReadState state = row.state();
        PinnedRun.requireThere(question, state, reads);
        return indexes.get(state).flatMap(index -> {
            FilteredVenues venues = new FilteredVenues(question.filter(), index);
            VenuePage page = stored(row, question, venues, index.scoresOf(row.person()));
            return page == null
                    ? live(state, row.ranking(), row.isChanged(), question, venues)
                    : Optional.of(found(question, state, page, null, row.isChanged(), index));
        });
    }

    private Optional<LiveInputs.Own> own(VenueQuestion question, VenueIndex index) {
        return inputs.own(question.userId(), index.current(), index.profile());
    }

    /** Empty when the user has gone since. */
    private Optional<Found> live(
            ReadState state,
            PublishedReads.@Nullable PackedRanking stored,
            boolean isChanged,
            VenueQuestion question,
            FilteredVenues venues) {
        VenueIndex index = venues.index();
        return own(question, index).map(own -> {
            QualifyingVenues qualifying = venues.of(index.scoresOf(own.person()), own.interactions());
            VenuePage page = livePage(own, stored, question, index, qualifying == null ? null : qualifying.selection());
            return found(question, state, page, own.interactions(), isChanged, index);
        });
    }

    private static Found found(
            VenueQuestion question,
            ReadState state,
            VenuePage page,
            @Nullable InteractionMatrix own,
            boolean isChanged,
            VenueIndex index) {
        boolean isStored = own == null;
        Answer<RankedVenue> answer = new Answer<>(
                page.entries(),
                state.runId(),
                state.snapshotAt(),
                isStored,
                validator(question, state, isChanged, isStored),
                next(page, question, state, isStored, index));
        return new Found(answer, question.firstRank(), index, own);
    }

    private static @Nullable String next(
            VenuePage page, VenueQuestion question, ReadState state, boolean isStored, VenueIndex index) {
        if (!page.mayHaveMore()) {
            return null;
        }
        RankedVenue last = page.entries().get(page.entries().size() - 1);
        return PageEnd.of(
                        question,
                        state,
                        isStored,
                        question.firstRank() + page.entries().size() - 1,
                        last.score(),
                        index.current().id(last.venueIndex()))
                .cursor(question);
    }

    private static VenuePage livePage(
            LiveInputs.Own own,
            PublishedReads.@Nullable PackedRanking packed,
            VenueQuestion question,
            VenueIndex index,
            @Nullable VenueSelection selection) {
        PageEnd after = question.after();
        List<PageEnd.Entry> stored = after == null || !after.isStored() || packed == null
                ? List.of()
                : StoredVenueRanking.entries(packed, index);
        int venues = index.current().size();
        // One more than asked for tells whether there is a next page. What the user did since the page before may have
        // moved its end down the list, so the first ranking may be too short to hold this page.
        long k = question.limit() + 1L + (after == null ? 0 : after.rank());
        while (true) {
            List<RankedVenue> ranking =
                    rank(own.person(), own.interactions(), index, (int) Math.max(1, Math.min(k, venues)), selection);
            int from = after == null ? 0 : after.placeIn(PageEnd.Entry.ofVenues(ranking, index.current()), stored);
            boolean isComplete = ranking.size() < k;
            if (isComplete || ranking.size() - from > question.limit()) {
                int to = Math.min(ranking.size(), from + question.limit());
                return new VenuePage(ranking.subList(from, to), to < ranking.size());
            }
            k *= 2;
        }
    }

    /** Scores live: the user's first k that qualify. */
    static List<RankedVenue> rank(
            Person person, InteractionMatrix own, VenueIndex index, int k, @Nullable VenueSelection selection) {
        List<RankedVenue> ranked = new ArrayList<>();
        index.ranker()
                .rank(
                        new double[] {person.homeLatOrNaN()},
                        new double[] {person.homeLngOrNaN()},
                        own,
                        0,
                        1,
                        k,
                        selection,
                        (row, ranking) -> ranked.addAll(ranking.toList()));
        return ranked;
    }
}
