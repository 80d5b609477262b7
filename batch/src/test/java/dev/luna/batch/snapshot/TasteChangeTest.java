package dev.luna.batch.snapshot;

import static org.assertj.core.api.Assertions.assertThat;

import dev.luna.batch.database.RunTables;
import dev.luna.batch.scoring.InteractionMatrix;
import dev.luna.batch.scoring.UuidArray;
import dev.luna.batch.scoring.VenueCatalog;
import java.nio.ByteBuffer;
import java.util.UUID;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class TasteChangeTest {

    private static final int CAFE = 1;
    private static final int PARK = 0;

    /** The base's venues: 0 and 1 are cafes, 2 is a park, 3 and 4 have no category. */
    private static final VenueCatalog BASE = VenueCatalog.of(
            ids(5),
            new double[5],
            new double[5],
            new int[] {CAFE, CAFE, PARK, VenueCatalog.NO_CATEGORY, VenueCatalog.NO_CATEGORY},
            new int[5]);

    private static final RefreshVenues SAME = venues(5, new int[] {0, 1, 2, 3, 4}, new int[] {0, 1, 2, 3, 4});

    @Test
    void whoDidTheSameIsTheSame() {
        TasteChange change = between(SAME, row(0, 1, 30, 2, 0, 5), row(0, 1, 30, 2, 0, 5));

        assertThat(change.isNone()).isTrue();
        assertThat(concerns(change, 0, 1, 2, 3, 4)).isFalse();
    }

    @Test
    void aVenueConcernsAllOfItsCategory() {
        TasteChange another = between(SAME, row(0, 1, 30), row(0, 2, 30));
        TasteChange longer = between(SAME, row(0, 1, 30), row(0, 1, 31));
        TasteChange first = between(SAME, row(2, 1, 30), row(0, 1, 0, 2, 1, 30));
        TasteChange noMore = between(SAME, row(0, 1, 0, 2, 1, 30), row(2, 1, 30));
        TasteChange noMoreBesideItsEqual = between(SAME, row(0, 1, 30, 2, 1, 30), row(2, 1, 30));

        for (TasteChange change : new TasteChange[] {another, longer, first, noMore, noMoreBesideItsEqual}) {
            assertThat(change.isNone()).isFalse();
            assertThat(concerns(change, 3, 1)).isTrue();
            assertThat(concerns(change, 2, 3, 4)).isFalse();
        }
    }

    @Test
    void aVenueWithoutCategoryConcernsItselfAlone() {
        TasteChange change = between(SAME, row(), row(3, 1, 0));

        assertThat(concerns(change, 0, 2, 3)).isTrue();
        assertThat(concerns(change, 0, 1, 2, 4)).isFalse();
    }

    @Test
    void aVenueWithoutCategoryIsNotTakenForTheCategoryOfItsNumber() {
        VenueCatalog catalog = VenueCatalog.of(
                ids(3),
                new double[3],
                new double[3],
                new int[] {VenueCatalog.NO_CATEGORY, VenueCatalog.NO_CATEGORY, CAFE},
                new int[3]);
        RefreshVenues venues = venues(3, new int[] {0, 1, 2}, new int[] {0, 1, 2});

        for (int venue = 0; venue < 2; venue++) {
            TasteChange change = between(venues, catalog, row(), row(venue, 1, 0));
            assertThat(concerns(change, catalog, venue)).isTrue();
            assertThat(concerns(change, catalog, 2)).isFalse();
        }
    }

    @Test
    void whatTheNextOneDoesIsNotHis() {
        TasteChange noMore = between(SAME, row(3, 1, 0), row(), row(3, 1, 0));

        assertThat(concerns(noMore, 3)).isTrue();
    }

    @Test
    void changesOfSeveralVenuesAddUp() {
        TasteChange change = between(SAME, row(0, 1, 0, 2, 1, 0), row(2, 2, 0, 4, 1, 0));

        assertThat(concerns(change, 1)).isTrue();
        assertThat(concerns(change, 2)).isTrue();
        assertThat(concerns(change, 4)).isTrue();
        assertThat(concerns(change, 3)).isFalse();
    }

    @Test
    void venuesThatAreNotWhatTheyWereConcernEveryList() {
        // Venue 1 is gone, a new one is the last, and venue 2 moved.
        RefreshVenues changed = venues(5, new int[] {0, -1, 1, 2, 3}, new int[] {0, -1, 3, 4, -1});

        assertThat(concerns(between(changed, row(1, 1, 0), row()), 4)).isTrue();
        assertThat(concerns(between(changed, row(), row(4, 1, 0)), 4)).isTrue();
        assertThat(concerns(between(changed, row(2, 1, 0), row(1, 2, 0)), 4)).isTrue();
        // Those before and behind go by other numbers now, but are what they were.
        assertThat(between(changed, row(0, 1, 0, 3, 1, 0), row(0, 1, 0, 2, 1, 0))
                        .isNone())
                .isTrue();
        assertThat(concerns(between(changed, row(3, 1, 0), row(2, 2, 0)), 0, 2, 4))
                .isFalse();
        assertThat(concerns(between(changed, row(3, 1, 0), row(2, 2, 0)), 3)).isTrue();
    }

    private static RefreshVenues venues(int size, int[] numberOf, int[] unchangedBaseNumberOf) {
        return new RefreshVenues(new RunTables(1), false, ids(size), numberOf, unchangedBaseNumberOf);
    }

    private static UuidArray ids(int size) {
        return UuidArray.of(
                IntStream.range(0, size).mapToObj(venue -> new UUID(0, venue)).toList());
    }

    /** @param rows what he does now, and those behind him */
    private static TasteChange between(RefreshVenues venues, int[] before, int[]... rows) {
        return between(venues, BASE, before, rows);
    }

    private static TasteChange between(RefreshVenues venues, VenueCatalog catalog, int[] before, int[]... rows) {
        InteractionMatrix.Builder matrix = InteractionMatrix.builder(venues.size());
        for (int[] row : rows) {
            for (int i = 0; i < row.length; i += 3) {
                matrix.add(row[i], row[i + 1], row[i + 2]);
            }
            matrix.endRow();
        }
        ByteBuffer packed = ByteBuffer.allocate(before.length * Integer.BYTES);
        for (int number : before) {
            packed.putInt(number);
        }
        return TasteChange.between(packed.flip(), matrix.build(), 0, venues, catalog);
    }

    /** Venue, likes and seconds in turn. */
    private static int[] row(int... entries) {
        return entries;
    }

    private static boolean concerns(TasteChange change, int... list) {
        return concerns(change, BASE, list);
    }

    private static boolean concerns(TasteChange change, VenueCatalog catalog, int... list) {
        ByteBuffer entries = ByteBuffer.allocate(list.length * 16);
        for (int venue : list) {
            // What follows the number counts for nothing.
            entries.putInt(venue).putInt(-1).putInt(-1).putInt(-1);
        }
        return change.concerns(entries.flip(), catalog);
    }
}
