package dev.luna.api.reco;

import dev.luna.api.web.Cursor;
import dev.luna.batch.scoring.CompanionRankingCodec;
import dev.luna.batch.scoring.RankedVenue;
import dev.luna.batch.scoring.ScoringProfile;
import dev.luna.batch.scoring.StoredCompanion;
import dev.luna.batch.scoring.VenueCatalog;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/**
 * The last entry of a page: where the next one begins.
 *
 * <p>In a stored list its id finds the place. In a ranking that is scored live its score and id do, whether the entry is
 * still in it or not. A stored score is rounded: scores that differ are equal as floats, so where the page before was stored
 * the order among those is that of the stored list.
 *
 * @param runId the run that all pages are of, {@link PinnedRun#NONE} before the first
 * @param rank the entry's rank, from 1
 * @param score the entry's score, as the page had it
 * @param id the venue or person
 * @param beganStored whether the first page was what a run stored, rather than scored for the question
 * @param isStored whether this page was
 */
record PageEnd(long runId, int rank, double score, UUID id, boolean beganStored, boolean isStored) {

    private static final int KEY_BYTES = 3 * Long.BYTES + 2 * Integer.BYTES + Double.BYTES;
    private static final int BEGAN_STORED = 1;
    private static final int IS_STORED = 2;

    /**
     * One of a ranking.
     *
     * @param asStored the score as it is once it was stored
     */
    record Entry(UUID id, double score, float asStored) {

        /** @param venues whose numbers the ranking has */
        static List<Entry> ofVenues(List<RankedVenue> ranking, VenueCatalog venues) {
            return ranking.stream()
                    .map(venue -> new Entry(venues.id(venue.venueIndex()), venue.score(), (float) venue.score()))
                    .toList();
        }

        static List<Entry> ofFriends(List<StoredCompanion> ranking, ScoringProfile profile) {
            return ranking.stream()
                    .map(friend -> new Entry(
                            friend.userId(), friend.score(), CompanionRankingCodec.storedScore(profile, friend)))
                    .toList();
        }
    }

    /**
     * Reads a cursor.
     *
     * @param question what it must be a cursor of
     * @throws dev.luna.api.web.ProblemException 400 when it is none, or another question's
     */
    static PageEnd read(String text, PagedQuestion question) {
        Cursor cursor = Cursor.read(text, question.list(), question.fingerprint(), KEY_BYTES);
        long runId = cursor.nextNumber();
        int rank = cursor.nextInt();
        double score = cursor.nextScore();
        UUID id = cursor.nextId();
        int stored = cursor.nextInt();
        // A page's ranks are counted on from there.
        boolean isRank = rank >= 1 && rank <= Integer.MAX_VALUE - RecoController.MAX_LIMIT;
        if (runId < 0 || !isRank || Double.isNaN(score)) {
            throw Cursor.refused(text);
        }
        return new PageEnd(runId, rank, score, id, (stored & BEGAN_STORED) != 0, (stored & IS_STORED) != 0);
    }

    /** The end of a page of a question that ends with an entry, read from a run or, before the first, from none. */
    static PageEnd of(PagedQuestion question, ReadState state, boolean isStored, int rank, double score, UUID id) {
        PageEnd before = question.after();
        return new PageEnd(
                state.runId() == null ? PinnedRun.NONE : state.runId(),
                rank,
                score,
                id,
                before == null ? isStored : before.beganStored(),
                isStored);
    }

    /** The cursor of the page of this question that follows. */
    String cursor(PagedQuestion question) {
        return Cursor.of(
                question.list(),
                question.fingerprint(),
                KEY_BYTES,
                bytes -> bytes.putLong(runId)
                        .putInt(rank)
                        .putDouble(score)
                        .putLong(id.getMostSignificantBits())
                        .putLong(id.getLeastSignificantBits())
                        .putInt((beganStored ? BEGAN_STORED : 0) | (isStored ? IS_STORED : 0)));
    }

    /** The place that follows this end, in a list that is as it was; negative when it is not of that list. */
    int placeAmong(List<UUID> ids) {
        int place = ids.indexOf(id);
        return place < 0 ? place : place + 1;
    }

    /**
     * The place that follows this end, in a ranking scored now.
     *
     * @param stored what the run stored of the ranking; looked at only if the page before was of that
     */
    int placeIn(List<Entry> now, List<Entry> stored) {
        return isStored ? placeBehind(upTo(stored), now) : placeByScore(now);
    }

    private int placeByScore(List<Entry> now) {
        int place = 0;
        while (place < now.size() && !isBefore(now.get(place))) {
            place++;
        }
        return place;
    }

    private boolean isBefore(Entry other) {
        return other.score() < score || (other.score() == score && compareIds(id, other.id()) < 0);
    }

    /** Behind all with higher scores and the last of the given ones that has kept its score. */
    private int placeBehind(Map<UUID, Float> scoreById, List<Entry> now) {
        int place = 0;
        boolean isHigher = true;
        for (int i = 0; i < now.size(); i++) {
            Entry entry = now.get(i);
            isHigher = isHigher && entry.asStored() > (float) score;
            Float before = scoreById.get(entry.id());
            if (isHigher || (before != null && before == entry.asStored())) {
                place = i + 1;
            }
        }
        return place;
    }

    private Map<UUID, Float> upTo(List<Entry> stored) {
        Map<UUID, Float> scoreById = new HashMap<>();
        for (Entry entry : stored) {
            scoreById.put(entry.id(), entry.asStored());
            if (entry.id().equals(id)) {
                break;
            }
        }
        return scoreById;
    }

    private static int compareIds(UUID left, UUID right) {
        return VenueCatalog.compareIds(
                left.getMostSignificantBits(),
                left.getLeastSignificantBits(),
                right.getMostSignificantBits(),
                right.getLeastSignificantBits());
    }
}
