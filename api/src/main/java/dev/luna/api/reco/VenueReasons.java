package dev.luna.api.reco;

import dev.luna.api.web.ProblemException;
import dev.luna.batch.scoring.InteractionMatrix;
import dev.luna.batch.scoring.PersonalScores;
import dev.luna.batch.scoring.RankedVenue;
import dev.luna.batch.scoring.RankingOrder;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Service;

/**
 * Says of any venue where it stands in a user's list and why. Always scored live; time O(venues), as every venue that
 * ranks before it is counted.
 */
@Service
class VenueReasons {

    private final PublishedReads reads;
    private final VenueIndexes indexes;
    private final LiveInputs inputs;

    VenueReasons(PublishedReads reads, VenueIndexes indexes, LiveInputs inputs) {
        this.reads = reads;
        this.indexes = indexes;
        this.inputs = inputs;
    }

    /**
     * The one reason, for the first page of the question.
     *
     * @throws ProblemException 404 when there is no such user or venue
     */
    Answer<VenueReason> why(VenueQuestion question, UUID venueId) {
        return Attempts.untilReadsAgree(() -> attempt(question, venueId));
    }

    private Optional<Answer<VenueReason>> attempt(VenueQuestion question, UUID venueId) {
        PublishedReads.Freshness row = reads.freshness(question.userId(), null)
                .orElseThrow(() -> ProblemException.unknown("user", question.userId()));
        return indexes.get(row.state()).flatMap(index -> {
            int venue = index.current().indexOf(venueId);
            if (venue < 0) {
                throw ProblemException.unknown("venue", venueId);
            }
            return inputs.own(question.userId(), index.current(), index.profile())
                    .map(own -> reason(own.person(), own.interactions(), question, index, venue))
                    .map(reason -> Answer.of(List.of(reason), row.state(), false));
        });
    }

    private static VenueReason reason(
            Person person, InteractionMatrix own, VenueQuestion question, VenueIndex index, int venue) {
        PersonalScores scores = index.scoresOf(person);
        QualifyingVenues qualifying = new QualifyingVenues(new FilteredVenues(question.filter(), index), scores, own);
        RankedVenue asked = score(venue, scores, own);
        int before = 0;
        for (int v = 0; v < index.current().size(); v++) {
            if (v != venue && qualifying.test(v)) {
                double other = score(v, scores, own).score();
                before += RankingOrder.before(other, v, asked.score(), venue) ? 1 : 0;
            }
        }
        List<RankedVenue> list =
                VenueRecommendations.rank(person, own, index, question.limit(), qualifying.selection());
        RankedVenue last = list.isEmpty() ? null : list.get(list.size() - 1);
        String refusedBy = qualifying.refusedBy(venue);
        boolean isInList = refusedBy == null && before < question.limit();
        return new VenueReason(
                RecommendedVenue.of(before + 1, asked, index, own),
                isInList,
                isInList ? null : keptOutBy(refusedBy, asked, last, index),
                last == null ? null : RecommendedVenue.of(list.size(), last, index, own));
    }

    private static @Nullable String keptOutBy(
            @Nullable String refusedBy, RankedVenue asked, @Nullable RankedVenue last, VenueIndex index) {
        // Who passes the filters and is not in the list is behind a list that is full.
        return refusedBy != null || last == null ? refusedBy : VenueReason.weakest(asked, last, index);
    }

    private static RankedVenue score(int venue, PersonalScores scores, InteractionMatrix own) {
        int entry = own.entry(0, venue);
        return entry < 0 ? scores.score(venue, 0, 0) : scores.score(venue, own.likes(entry), own.seconds(entry));
    }
}
