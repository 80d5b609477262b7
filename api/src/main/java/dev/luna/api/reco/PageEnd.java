package dev.luna.api.reco;

import dev.luna.api.web.Cursor;
import dev.luna.batch.scoring.VenueCatalog;
import java.util.List;
import java.util.UUID;
import java.util.function.IntFunction;
import java.util.function.IntToDoubleFunction;

/**
 * The last entry of a page: where the next one begins.
 *
 * <p>Its id finds the place in the ranking as long as the entry is in it. If it has left meanwhile, its score does, as a
 * float: that is how rankings are stored, so a page read from a stored ranking and one scored live meet at the same place.
 *
 * @param runId the run that all pages are of, {@link PinnedRun#NONE} before the first
 * @param rank the entry's rank, from 1
 * @param score the entry's score
 * @param id the venue or person
 * @param beganStored whether the first page was what a run stored, rather than scored for the question
 */
record PageEnd(long runId, int rank, float score, UUID id, boolean beganStored) {

    private static final int KEY_BYTES = 4 * Long.BYTES + 2 * Integer.BYTES + Float.BYTES;

    /**
     * Reads a cursor.
     *
     * @param question what it must be a cursor of
     * @throws dev.luna.api.web.ProblemException 400 when it is none, or another question's
     */
    static PageEnd read(String text, PagedQuestion question) {
        Cursor cursor = Cursor.read(text, question.list(), KEY_BYTES + Long.BYTES);
        if (cursor.nextNumber() != question.fingerprint()) {
            throw Cursor.refused(text, "must come from a page of the same user with the same filters");
        }
        long runId = cursor.nextNumber();
        int rank = cursor.nextInt();
        float score = cursor.nextFloat();
        UUID id = cursor.nextId();
        boolean beganStored = cursor.nextInt() != 0;
        // A page's ranks are counted on from there.
        boolean isRank = rank >= 1 && rank <= Integer.MAX_VALUE - RecoController.MAX_LIMIT;
        if (runId < 0 || !isRank || Float.isNaN(score)) {
            throw Cursor.refused(text);
        }
        return new PageEnd(runId, rank, score, id, beganStored);
    }

    /** The end of a page of a question that ends with an entry, read from a run or, before the first, from none. */
    static PageEnd of(PagedQuestion question, ReadState state, boolean isStored, int rank, float score, UUID id) {
        PageEnd before = question.after();
        return new PageEnd(
                state.runId() == null ? PinnedRun.NONE : state.runId(),
                rank,
                score,
                id,
                before == null ? isStored : before.beganStored());
    }

    /** The hash of what else is asked, extended by what all questions about rankings have. */
    static long fingerprint(long start, PagedQuestion question) {
        long hash = 31 * start + (question.runId() == null ? 0 : question.runId());
        hash = 31 * hash + question.userId().getMostSignificantBits();
        return 31 * hash + question.userId().getLeastSignificantBits();
    }

    /** The cursor of the page of this question that follows. */
    String cursor(PagedQuestion question) {
        return Cursor.of(
                question.list(),
                KEY_BYTES + Long.BYTES,
                bytes -> bytes.putLong(question.fingerprint())
                        .putLong(runId)
                        .putInt(rank)
                        .putFloat(score)
                        .putLong(id.getMostSignificantBits())
                        .putLong(id.getLeastSignificantBits())
                        .putInt(beganStored ? 1 : 0));
    }

    /** The place that follows this end, in a list that is as it was; negative when it is not of that list. */
    int placeAmong(List<UUID> ids) {
        int place = ids.indexOf(id);
        return place < 0 ? place : place + 1;
    }

    /** The place that follows this end, in a ranking of a size whose entries have these ids and scores. */
    int placeIn(int size, IntFunction<UUID> ids, IntToDoubleFunction scores) {
        int firstBehind = size;
        for (int i = 0; i < size; i++) {
            UUID other = ids.apply(i);
            double otherScore = scores.applyAsDouble(i);
            if (other.equals(id) && (float) otherScore == score) {
                return i + 1;
            }
            if (firstBehind == size && isBefore(otherScore, other)) {
                firstBehind = i;
            }
        }
        return firstBehind;
    }

    /** Whether an entry that is not the last one itself comes after it. */
    private boolean isBefore(double otherScore, UUID otherId) {
        float other = (float) otherScore;
        return other < score || (other == score && compareIds(id, otherId) < 0);
    }

    private static int compareIds(UUID left, UUID right) {
        return VenueCatalog.compareIds(
                left.getMostSignificantBits(),
                left.getLeastSignificantBits(),
                right.getMostSignificantBits(),
                right.getLeastSignificantBits());
    }
}
