package dev.luna.batch.snapshot;

import dev.luna.batch.scoring.InteractionMatrix;
import dev.luna.batch.scoring.VenueCatalog;
import dev.luna.batch.scoring.VenueRankingCodec;
import java.nio.ByteBuffer;
import java.util.Arrays;

/**
 * At which venues a user is another companion than he was for the base: those whose category, or who themselves if they
 * have none, he had to do with differently. Companion scores ask nothing else of a friend's interactions: {@code direct} is
 * his sums at the venue, {@code category} his sums over its category. So a user whose first venues are none of these keeps
 * his companions. Immutable.
 */
final class TasteChange {

    static final TasteChange NONE = new TasteChange(new int[0], false);

    /** At any venue: something he had to do with moved, changed its category, came or went. */
    static final TasteChange ANYWHERE = new TasteChange(new int[0], true);

    private static final int ENTRY_BYTES = PackedInputs.ENTRY_BYTES;

    /** Ascending: codes of categories, or, behind them, the number of a venue without one. */
    private final int[] kinds;

    private final boolean anywhere;

    private TasteChange(int[] kinds, boolean anywhere) {
        this.kinds = kinds;
        this.anywhere = anywhere;
    }

    /**
     * Compares a user's rows; linear in both.
     *
     * @param before what he had to do with venues, packed by the base's numbers
     * @param now the same by the refresh's numbers
     * @param row his row of {@code now}
     * @param baseCatalog the base's venues
     */
    static TasteChange between(
            ByteBuffer before, InteractionMatrix now, int row, RefreshVenues venues, VenueCatalog baseCatalog) {
        Builder change = new Builder(venues, baseCatalog);
        int at = now.offset(row);
        int end = now.offset(row + 1);
        // Both ascend: the numbers of a base's venues are in the same order in either.
        for (int i = 0; i < before.limit(); i += ENTRY_BYTES) {
            int venue = venues.numberOf(before.getInt(i));
            if (venue < 0) {
                return ANYWHERE;
            }
            for (; at < end && now.venue(at) < venue; at++) {
                change.add(now.venue(at));
            }
            boolean still = at < end && now.venue(at) == venue;
            if (!still || now.likes(at) != before.getInt(i + 4) || now.seconds(at) != before.getInt(i + 8)) {
                change.add(venue);
            }
            at += still ? 1 : 0;
        }
        for (; at < end; at++) {
            change.add(now.venue(at));
        }
        return change.build();
    }

    boolean isNone() {
        return kinds.length == 0 && !anywhere;
    }

    /**
     * Whether he is, or may be, another companion at one of some venues.
     *
     * @param list entries of a packed ranking, by the base's numbers
     */
    boolean concerns(ByteBuffer list, VenueCatalog baseCatalog) {
        if (anywhere) {
            return true;
        }
        for (int at = list.position(); at < list.limit(); at += VenueRankingCodec.ENTRY_BYTES) {
            if (Arrays.binarySearch(kinds, kind(list.getInt(at), baseCatalog)) >= 0) {
                return true;
            }
        }
        return false;
    }

    private static int kind(int baseNumber, VenueCatalog baseCatalog) {
        int category = baseCatalog.category(baseNumber);
        return category == VenueCatalog.NO_CATEGORY ? baseCatalog.categoryCount() + baseNumber : category;
    }

    private static final class Builder {

        private final RefreshVenues venues;
        private final VenueCatalog baseCatalog;
        private int[] kinds = new int[4];
        private int size;
        private boolean anywhere;

        Builder(RefreshVenues venues, VenueCatalog baseCatalog) {
            this.venues = venues;
            this.baseCatalog = baseCatalog;
        }

        void add(int venue) {
            int baseNumber = venues.unchangedBaseNumberOf(venue);
            if (baseNumber < 0) {
                anywhere = true;
                return;
            }
            if (size == kinds.length) {
                kinds = Arrays.copyOf(kinds, 2 * size);
            }
            kinds[size++] = kind(baseNumber, baseCatalog);
        }

        TasteChange build() {
            if (anywhere) {
                return ANYWHERE;
            }
            return size == 0
                    ? NONE
                    : new TasteChange(
                            Arrays.stream(kinds, 0, size).sorted().distinct().toArray(), false);
        }
    }
}
