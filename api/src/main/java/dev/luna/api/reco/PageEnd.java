package dev.luna.api.reco;

import dev.luna.api.web.Cursor;
import java.util.UUID;

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
 */
record PageEnd(long runId, int rank, float score, UUID id) {

    private static final int KEY_BYTES = 4 * Long.BYTES + Integer.BYTES + Float.BYTES;

    /**
     * Reads a cursor.
     *
     * @param list tag of the list it must belong to
     * @param fingerprint of the question it must belong to
     * @throws dev.luna.api.web.ProblemException 400 when it is none, or another question's
     */
    static PageEnd read(String text, char list, long fingerprint) {
        Cursor cursor = Cursor.read(text, list, KEY_BYTES + Long.BYTES);
        if (cursor.nextNumber() != fingerprint) {
            throw Cursor.refused(text, "must come from a page of the same user with the same filters");
        }
        long runId = cursor.nextNumber();
        int rank = cursor.nextInt();
        float score = cursor.nextFloat();
        UUID id = cursor.nextId();
        if (runId < 0 || rank < 1 || Float.isNaN(score)) {
            throw Cursor.refused(text);
        }
        return new PageEnd(runId, rank, score, id);
    }

    String cursor(char list, long fingerprint) {
        return Cursor.of(
                list,
                KEY_BYTES + Long.BYTES,
                bytes -> bytes.putLong(fingerprint)
                        .putLong(runId)
                        .putInt(rank)
                        .putFloat(score)
                        .putLong(id.getMostSignificantBits())
                        .putLong(id.getLeastSignificantBits()));
    }

    /** Whether an entry that is not the last one itself comes after it. */
    boolean isBefore(double otherScore, UUID otherId) {
        float other = (float) otherScore;
        return other < score || (other == score && IdOrder.compare(id, otherId) < 0);
    }
}
