package dev.luna.batch.scoring;

import static dev.luna.batch.scoring.World.at;
import static dev.luna.batch.scoring.World.few;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.function.IntUnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class CompanionRankerTest {

    private static final ScoringProfile STANDARD = ScoringProfile.standard();

    @Test
    void ranksAsTheReferenceDoes() {
        for (long seed = 1; seed <= 6; seed++) {
            World world = World.of(seed, 60, at(1, 1), few(), 80, at(1, 1), seed % 2 == 0 ? 200 : 12);
            assertAgrees(seed, world, IntUnaryOperator.identity(), STANDARD);
        }
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("dev.luna.batch.scoring.VenueRankerTest#profiles")
    void agreesUnderAnyProfile(String name, ScoringProfile profile) {
        World world = World.of(7, 60, at(1, 1), few(), 80, at(1, 1), 200);
        assertAgrees(7, world, IntUnaryOperator.identity(), profile);
    }

    @Test
    void friendsMayBeNumberedOtherwiseThanRowsOrHaveNone() {
        World world = World.of(9, 60, at(1, 1), few(), 80, at(1, 1), 12);
        assertAgrees(9, world, friend -> friend % 5 == 0 ? -1 : (friend * 7 + 3) % 80, STANDARD);
    }

    @Test
    void scoresByTheFormula() {
        // Venues 0 and 1 are of category 4, venue 2 of none. Ana's friends: Ben (1) with strength 0.5, Cleo (2)
        // with 0.9.
        VenueCatalog catalog = VenueCatalog.of(
                UuidArray.of(new long[] {0, 0, 0, 1, 0, 2}),
                new double[3],
                new double[3],
                new int[] {4, 4, -1},
                new int[3]);
        SocialGraph graph = SocialGraph.builder(3)
                .add(1, 0.5)
                .add(2, 0.9)
                .endRow()
                .endRow()
                .endRow()
                .build();
        // Ben: 1 like and 60 s at venue 0, 120 s at venue 1. Cleo: 500 s at venue 2.
        InteractionMatrix interactions = InteractionMatrix.builder(3)
                .endRow()
                .add(0, 1, 60)
                .add(1, 0, 120)
                .endRow()
                .add(2, 0, 500)
                .endRow()
                .build();
        CompanionRanker.Worker worker = new CompanionRanker(catalog, interactions, graph, STANDARD).newWorker();

        // In general: 0.6 * 0.9 = 0.54 and 0.6 * 0.5 = 0.3.
        assertThat(worker.rank(0, 5).toList())
                .extracting(RankedCompanion::friendIndex, RankedCompanion::score)
                .containsExactly(tuple(2, 0.54), tuple(1, 0.3));

        List<List<RankedCompanion>> at = new ArrayList<>();
        worker.rankAt(0, new int[] {0, 2}, 2, 5, (venue, ranking) -> at.add(ranking.toList()));
        // Ben at venue 0: direct = 0.5 * 1 + 60 / 300 = 0.7; category = 0.3 * 1 + 180 / 600 = 0.6;
        // score = 0.6 * 0.5 + 0.25 * 0.7 + 0.15 * 0.6 = 0.3 + 0.175 + 0.09 = 0.565, ahead of Cleo's 0.54.
        RankedCompanion ben = at.get(0).get(0);
        assertThat(ben.friendIndex()).isEqualTo(1);
        assertThat(ben.direct()).isCloseTo(0.7, within(1e-12));
        assertThat(ben.category()).isCloseTo(0.6, within(1e-12));
        assertThat(ben.score()).isCloseTo(0.565, within(1e-12));
        // Cleo at venue 2: direct = min(1, 500 / 300) = 1; a venue without category has no category score;
        // score = 0.6 * 0.9 + 0.25 = 0.79.
        RankedCompanion cleo = at.get(1).get(0);
        assertThat(cleo.direct()).isEqualTo(1);
        assertThat(cleo.category()).isZero();
        assertThat(cleo.score()).isCloseTo(0.79, within(1e-12));
    }

    @Test
    void sumsOfACategoryDoNotOverflow() {
        VenueCatalog catalog = VenueCatalog.of(
                UuidArray.of(new long[] {0, 0, 0, 1}), new double[2], new double[2], new int[] {0, 0}, new int[2]);
        SocialGraph graph = SocialGraph.builder(2).add(1, 0).endRow().endRow().build();
        InteractionMatrix interactions = InteractionMatrix.builder(2)
                .endRow()
                .add(0, Integer.MAX_VALUE, Long.MAX_VALUE)
                .add(1, Integer.MAX_VALUE, Long.MAX_VALUE)
                .endRow()
                .build();
        new CompanionRanker(catalog, interactions, graph, STANDARD)
                .newWorker()
                .rankAt(
                        0,
                        new int[] {0},
                        1,
                        1,
                        (venue, ranking) -> assertThat(ranking.category(0)).isEqualTo(1));
    }

    @Test
    void refusesAVenueOutsideTheCatalogAndStaysUsable() {
        World world = World.of(3, 10, at(1, 1), few(), 20, at(1, 1), 5);
        CompanionRanker.Worker worker =
                new CompanionRanker(world.catalog(), world.interactions(), world.graph(), STANDARD).newWorker();
        assertThatIllegalArgumentException()
                .isThrownBy(() -> worker.rankAt(0, new int[] {3, 10}, 2, 5, (venue, ranking) -> {}))
                .withMessageContaining("venue 10");
        assertAgrees(3, world, IntUnaryOperator.identity(), STANDARD);
    }

    private static void assertAgrees(long seed, World world, IntUnaryOperator interactionRow, ScoringProfile profile) {
        CompanionRanker.Worker worker = new CompanionRanker(
                        world.catalog(), world.interactions(), world.graph(), profile, interactionRow)
                .newWorker();
        ReferenceRanker reference = new ReferenceRanker(world.catalog(), profile);
        Random random = new Random(seed);
        for (int row = 0; row < world.users(); row++) {
            int user = row;
            int k = 1 + random.nextInt(12);
            assertThat(worker.rank(row, 0).toList()).isEmpty();
            assertThat(worker.rank(row, k).toList())
                    .as("seed %d, row %d, k %d", seed, row, k)
                    .isEqualTo(
                            reference.rankCompanions(world.graph(), world.interactions(), interactionRow, row, -1, k));
            int[] venues = random.ints(0, world.catalog().size())
                    .distinct()
                    .limit(1 + random.nextInt(10))
                    .toArray();
            List<Integer> answered = new ArrayList<>();
            worker.rankAt(row, venues, venues.length, k, (venue, ranking) -> {
                answered.add(venue);
                assertThat(ranking.toList())
                        .as("seed %d, row %d, k %d, venue %d", seed, user, k, venue)
                        .isEqualTo(reference.rankCompanions(
                                world.graph(), world.interactions(), interactionRow, user, venue, k));
            });
            assertThat(answered)
                    .containsExactly(java.util.Arrays.stream(venues).boxed().toArray(Integer[]::new));
        }
    }

    private static org.assertj.core.groups.Tuple tuple(Object... values) {
        return org.assertj.core.groups.Tuple.tuple(values);
    }
}
