package dev.luna.batch.scoring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import java.util.EnumSet;
import java.util.List;
import java.util.UUID;
import java.util.stream.LongStream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Catalog, matrix, graph and profile refuse what would make scores wrong, naming place and value. */
class InputValidationTest {

    @Test
    void catalogFindsVenuesByIdInTextOrder() {
        // ffff... is the largest as text and the smallest but one as a signed number.
        VenueCatalog catalog = catalog(new long[] {0, 1, -1}, new double[] {0, 0, 0}, new int[] {-1, 0, 1});
        for (int v = 0; v < 3; v++) {
            assertThat(catalog.indexOf(catalog.id(v))).isEqualTo(v);
        }
        assertThat(catalog.indexOf(new UUID(1, 1))).isEqualTo(-1);
        assertThat(catalog.categoryCount()).isEqualTo(2);
        // 8000... is the larger one as text, and the smaller one as a signed number.
        assertThat(VenueCatalog.compareIds(7, Long.MAX_VALUE, 7, Long.MIN_VALUE))
                .isNegative();
    }

    @Test
    void catalogRefusesIdsOutOfTextOrder() {
        assertRefused("venue 2 has id 00000000-", () -> catalog(new long[] {1, -1, 0}, new double[3], new int[3]));
        assertRefused("expected ids in ascending", () -> catalog(new long[] {1, 1, 2}, new double[3], new int[3]));
    }

    @ParameterizedTest
    @ValueSource(doubles = {90.5, -91, Double.NaN, Double.POSITIVE_INFINITY})
    void catalogRefusesVenuesOffTheEarth(double lat) {
        assertRefused(
                "venue 1 has latitude " + lat,
                () -> catalog(new long[] {0, 1, 2}, new double[] {0, lat, 0}, new int[3]));
    }

    @Test
    void catalogRefusesCategoriesLikesAndLengthsThatDoNotFit() {
        assertRefused("category code -2", () -> catalog(new long[] {0, 1, 2}, new double[3], new int[] {0, -2, 0}));
        assertRefused("category has 2 entries", () -> catalog(new long[] {0, 1, 2}, new double[3], new int[2]));
        assertRefused("venue 0 has 5 likes; expected 0 to 4", () -> {
            VenueCatalog.of(UuidArray.of(new long[2]), new double[1], new double[1], new int[1], new int[] {5}, 4);
        });
    }

    @Test
    void matrixKeepsRowsSortedAndSumsSaturated() {
        InteractionMatrix matrix = InteractionMatrix.builder(5)
                .add(4, 1, 10)
                .add(0, 2, 5_000_000_000L)
                .endRow()
                .endRow()
                .build();
        assertThat(matrix.rows()).isEqualTo(2);
        assertThat(matrix.venue(0)).isEqualTo(0);
        assertThat(matrix.seconds(0)).isEqualTo(Integer.MAX_VALUE);
        assertThat(matrix.likes(0)).isEqualTo(2);
        assertThat(matrix.entry(0, 4)).isEqualTo(1);
        assertThat(matrix.seconds(1)).isEqualTo(10);
        assertThat(matrix.entry(0, 3)).isEqualTo(-1);
        assertThat(matrix.entry(1, 4)).isEqualTo(-1);
    }

    @Test
    void matrixRefusesWhatIsNoMatrix() {
        var twice = InteractionMatrix.builder(5).add(3, 1, 1).add(3, 1, 1).endRow();
        assertRefused("row 0 has venue 3 after 3", twice::build);
        var outside = InteractionMatrix.builder(5).endRow().add(5, 1, 1).endRow();
        assertRefused("row 1 has venue 5", outside::build);
        var negative = InteractionMatrix.builder(5).add(2, -1, 1).endRow();
        assertRefused("(venue 2) has -1 likes", negative::build);
        var backwards = InteractionMatrix.builder(5).add(2, 1, -1).endRow();
        assertRefused("(venue 2) has 1 likes and -1 seconds", backwards::build);
        assertThatIllegalStateException()
                .isThrownBy(InteractionMatrix.builder(5).add(0, 1, 1)::build)
                .withMessageContaining("endRow()");
        assertRefused(
                "offsets start with 1",
                () -> InteractionMatrix.of(1, new int[] {1}, new int[0], new int[0], new int[0]));
        assertRefused(
                "row 0 ends at entry 2",
                () -> InteractionMatrix.of(1, new int[] {0, 2}, new int[1], new int[2], new int[2]));
    }

    @Test
    void graphRefusesWhatIsNoGraph() {
        SocialGraph graph = SocialGraph.builder(3).add(2, 1).add(0, 0).endRow().build();
        assertThat(graph.friend(1)).isEqualTo(2);
        assertThat(graph.strength(1)).isEqualTo(1);
        var twice = SocialGraph.builder(3).add(1, 1).add(1, 0.5).endRow();
        assertRefused("row 0 has friend 1 after 1", twice::build);
        for (double strength : new double[] {-0.1, 1.1, Double.NaN}) {
            var off = SocialGraph.builder(3).add(1, strength).endRow();
            assertRefused("(friend 1) has strength " + strength, off::build);
        }
    }

    @ParameterizedTest
    @CsvSource({
        "-0.1, 0.3, 300, 1, spatialWeight is -0.1",
        "NaN, 0.3, 300, 1, spatialWeight is NaN",
        "1e10, 0.3, 300, 1, spatialWeight is 1.0E10",
        "0.4, Infinity, 300, 1, decayPerKm is Infinity",
        "0.4, 0.3, 0, 1, preferenceDwellSeconds is 0.0",
        "0.4, 0.3, 1e9, 3, preferenceCap * preferenceDwellSeconds is 3.0E9"
    })
    void profileRefusesNumbersThatScoreNothing(
            double spatialWeight, double decay, double dwellSeconds, double cap, String message) {
        ScoringProfile standard = ScoringProfile.standard();
        assertRefused(
                message,
                () -> new ScoringProfile(
                        spatialWeight,
                        0.4,
                        0.2,
                        decay,
                        0.5,
                        dwellSeconds,
                        cap,
                        0.6,
                        0.25,
                        0.15,
                        0.3,
                        600,
                        1,
                        standard.positiveTypes()));
    }

    @Test
    void profileNeedsAPositiveTypeAndKeepsItsOwnCopy() {
        EnumSet<InteractionType> types = EnumSet.of(InteractionType.LIKE);
        ScoringProfile profile = new ScoringProfile(1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, types);
        types.clear();
        assertThat(profile.positiveTypes()).containsExactly(InteractionType.LIKE);
        assertRefused("positiveTypes is empty", () -> new ScoringProfile(1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, types));
    }

    private static VenueCatalog catalog(long[] idHigh, double[] lat, int[] category) {
        List<UUID> ids =
                LongStream.of(idHigh).mapToObj(high -> new UUID(high, 0)).toList();
        return VenueCatalog.of(UuidArray.of(ids), lat, new double[3], category, new int[3]);
    }

    private static void assertRefused(String message, ThrowingCallable call) {
        assertThatIllegalArgumentException().isThrownBy(call).withMessageContaining(message);
    }
}
