package dev.luna.batch.scoring;

import static dev.luna.batch.scoring.World.anywhere;
import static dev.luna.batch.scoring.World.at;
import static dev.luna.batch.scoring.World.equal;
import static dev.luna.batch.scoring.World.few;
import static dev.luna.batch.scoring.World.homeless;
import static dev.luna.batch.scoring.World.near;
import static dev.luna.batch.scoring.World.oneOf;
import static dev.luna.batch.scoring.World.zipf;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.function.IntPredicate;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** The kernel against the brute-force definition: equal venues, order, scores and components, bit for bit. */
class VenueRankerTest {

    private static final World.Place LISBON = near(38.72, -9.14, 4);
    private static final World.Place PORTO = near(41.15, -8.61, 3);
    private static final World.Place FIJI = near(-17.8, 180, 20);
    private static final World.Place NORTH_POLE = near(90, 0, 15);
    private static final World.Place SOUTH_POLE = near(-90, 0, 15);

    /** Name, and the world for a seed. */
    static Stream<Arguments> worlds() {
        return Stream.of(
                world("two cities", s -> World.of(s, 700, oneOf(LISBON, PORTO), zipf(), 260, oneOf(LISBON, PORTO), 12)),
                world("few likes", s -> World.of(s, 500, LISBON, few(), 150, LISBON, 8)),
                world("no likes", s -> World.of(s, 400, LISBON, equal(0), 150, LISBON, 8)),
                world("all ties", s -> World.of(s, 300, at(10, 10), equal(3), 60, at(10, 10.01), 5)),
                world("all at one point", s -> World.of(s, 200, at(0, 0), zipf(), 80, at(0, 0), 5)),
                world("nobody has a home", s -> World.of(s, 300, LISBON, few(), 60, homeless(), 10)),
                world("some have no home", s -> World.of(s, 300, LISBON, zipf(), 150, oneOf(LISBON, homeless()), 10)),
                world("poles", s -> World.of(s, 300, oneOf(NORTH_POLE, SOUTH_POLE), few(), 120, NORTH_POLE, 5)),
                world("antimeridian", s -> World.of(s, 300, FIJI, few(), 120, FIJI, 5)),
                world("whole earth", s -> World.of(s, 500, anywhere(), zipf(), 120, anywhere(), 5)),
                world("antipodes", s -> World.of(s, 100, at(41, -5), equal(1), 30, near(-41, 175, 0.001), 5)),
                world("one venue", s -> World.of(s, 1, LISBON, few(), 40, LISBON, 2)),
                world("no venue", s -> World.of(s, 0, LISBON, few(), 10, LISBON, 0)),
                world("venues in pairs at one place", s -> World.of(s, 240, grid(0.01), equal(1), 100, grid(0.01), 5)),
                world("on a grid", s -> World.of(s, 400, grid(0.004), few(), 120, grid(0.002), 5)),
                world("100 km off", s -> World.of(s, 300, LISBON, few(), 60, near(39.7, -9.1, 5), 5)),
                world("1000 km off, no likes", s -> World.of(s, 300, LISBON, equal(0), 60, near(47.7, -9.1, 50), 5)),
                world("an ocean away", s -> World.of(s, 300, LISBON, few(), 60, FIJI, 5)),
                world("an ocean away, no likes", s -> World.of(s, 300, LISBON, equal(0), 60, FIJI, 5)),
                world("users at one point", s -> World.of(s, 400, LISBON, zipf(), 150, at(38.72, -9.14), 5)),
                world("two users, antipodes apart", s -> World.of(s, 300, LISBON, few(), 2, oneOf(LISBON, FIJI), 5)),
                world("a millimetre apart", s -> World.of(s, 300, line(1e-8), equal(1), 90, near(89.99, 0, 0.05), 2)),
                world("seen from the pole", s -> World.of(s, 300, line(1e-8), equal(0), 30, at(90, 0), 2)),
                world("300 km off, no likes", s -> World.of(s, 300, LISBON, equal(0), 60, near(41.4, -9.1, 15), 5)),
                world("3000 km off", s -> World.of(s, 300, LISBON, few(), 60, near(65.7, -9.1, 15), 5)),
                world("where nearness underflows", s -> World.of(s, 300, LISBON, equal(0), 90, near(61, -9.1, 60), 5)),
                world("regulars everywhere", s -> World.of(s, 150, LISBON, zipf(), 80, LISBON, 400)));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("worlds")
    void ranksAsTheReferenceDoes(String name, SeededWorld drawn) {
        for (long seed = 1; seed <= 3; seed++) {
            World world = drawn.of(seed).inPlanOrder();
            assertAgrees(name, seed, world, ScoringProfile.standard(), null);
        }
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("worlds")
    void ranksTheBestOfThoseThatQualify(String name, SeededWorld drawn) {
        World world = drawn.of(11).inPlanOrder();
        assertAgrees(name, 11, world, ScoringProfile.standard(), venue -> venue % 3 == 1);
        assertAgrees(name, 11, world, ScoringProfile.standard(), venue -> venue % 41 == 7);
        assertAgrees(name, 11, world, ScoringProfile.standard(), venue -> false);
    }

    /** Name and profile, of venue scores and companion scores alike. */
    static Stream<Arguments> profiles() {
        return Stream.of(
                Arguments.of("nearness only", profile(1, 0, 0, 0.3, 1)),
                Arguments.of("popularity only", profile(0, 0, 1, 0.3, 1)),
                Arguments.of("preference only", profile(0, 1, 0, 0.3, 1)),
                Arguments.of("no weights", profile(0, 0, 0, 0.3, 1)),
                Arguments.of("no decay", profile(0.4, 0.4, 0.2, 0, 1)),
                Arguments.of("slow decay", profile(0.4, 0.4, 0.2, 1e-4, 1)),
                Arguments.of("fast decay", profile(0.4, 0.4, 0.2, 60, 1)),
                Arguments.of("absurd decay", profile(0.4, 0.4, 0.2, 1e9, 1)),
                Arguments.of("large weights", profile(1e9, 1e9, 1e9, 0.3, 1e5)),
                Arguments.of("tiny weights", profile(1e-300, 1e-310, 1e-305, 0.3, 1)));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("profiles")
    void agreesUnderAnyProfile(String name, ScoringProfile profile) {
        assertAgrees(
                name,
                5,
                World.of(5, 400, oneOf(LISBON, PORTO), few(), 120, LISBON, 6).inPlanOrder(),
                profile,
                null);
        assertAgrees(name, 6, World.of(6, 200, anywhere(), few(), 60, oneOf(anywhere(), homeless()), 6), profile, null);
    }

    /** Nearness is 0 from 7.5 km on, and the middle of these two homes is 8.9 km from both. */
    @Test
    void aCellReachesAsFarAsItsUsers() {
        World world =
                World.of(7, 100, near(38.72, -9.14, 0.02), equal(0), 40, oneOf(at(38.72, -9.14), at(38.88, -9.14)), 0);
        assertAgrees("two ends", 7, world.inPlanOrder(), profile(0.4, 0.4, 0.2, 100, 1), null);
    }

    @Test
    void aCellMayHaveMoreCandidatesThanATileHolds() {
        World world = World.of(8, 33_000, at(38.72, -9.14), equal(1), 2, at(38.73, -9.14), 0);
        assertAgrees("all equal", 8, world, ScoringProfile.standard(), null);
    }

    @Test
    void resultsDoNotDependOnTheOrderOrTheBlocksOfUsers() {
        World world = World.of(21, 600, oneOf(LISBON, PORTO), few(), 300, oneOf(LISBON, PORTO, homeless()), 10);
        assertAgrees("as drawn", 21, world, ScoringProfile.standard(), null);
        VenueRanker.Worker worker = new VenueRanker(world.catalog(), ScoringProfile.standard()).newWorker();
        List<List<RankedVenue>> atOnce = ranked(world, worker, 0, world.users(), 10, null);
        List<List<RankedVenue>> oneByOne = new ArrayList<>();
        for (int row = 0; row < world.users(); row++) {
            oneByOne.addAll(ranked(world, worker, row, row + 1, 10, null));
        }
        assertThat(oneByOne).isEqualTo(atOnce);
    }

    @Test
    void resultsDoNotDependOnWhereBlocksAreCutNorOnWhatAWorkerDidBefore() {
        World world = World.of(22, 500, oneOf(LISBON, PORTO), zipf(), 400, oneOf(LISBON, PORTO, FIJI), 10)
                .inPlanOrder();
        VenueRanker ranker = new VenueRanker(world.catalog(), ScoringProfile.standard());
        VenueRanker.Worker worker = ranker.newWorker();
        List<List<RankedVenue>> whole = ranked(world, worker, 0, world.users(), 10, null);
        for (long seed = 1; seed <= 5; seed++) {
            Random random = new Random(seed);
            List<List<RankedVenue>> cut = new ArrayList<>();
            for (int from = 0, to; from < world.users(); from = to) {
                to = Math.min(world.users(), from + random.nextInt(100));
                cut.addAll(ranked(world, worker, from, to, 10, null));
                ranked(world, worker, from, to, 1 + random.nextInt(60), World.only(ranker, venue -> venue % 2 == 0));
            }
            assertThat(cut).as("seed %d", seed).isEqualTo(whole);
        }
    }

    @Test
    void refusesRowsAndVenuesThatAreNotThere() {
        World world = World.of(1, 3, LISBON, few(), 4, LISBON, 0);
        VenueRanker ranker = new VenueRanker(world.catalog(), ScoringProfile.standard());
        InteractionMatrix own = world.interactions();
        assertThatIllegalArgumentException()
                .isThrownBy(() -> ranker.rank(world.homeLat(), world.homeLng(), own, 2, 5, 5, null, (r, v) -> {}))
                .withMessageContaining("rows 2 to 5 of 4");
        InteractionMatrix other = InteractionMatrix.empty(4, 7);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> ranker.rank(world.homeLat(), world.homeLng(), other, 0, 4, 5, null, (r, v) -> {}))
                .withMessageContaining("over 7 venues");
    }

    @Test
    void tieGoesToTheSmallerIdText() {
        // Equal in everything; the second id is the smaller one as a signed number.
        VenueCatalog catalog = VenueCatalog.of(
                UuidArray.of(new long[] {1, 0, Long.MIN_VALUE, 0}),
                new double[] {1, 1},
                new double[] {2, 2},
                new int[] {-1, -1},
                new int[] {4, 4});
        new VenueRanker(catalog, ScoringProfile.standard())
                .rank(
                        new double[] {1.01},
                        new double[] {2.01},
                        InteractionMatrix.empty(1, 2),
                        0,
                        1,
                        2,
                        null,
                        (row, ranking) -> assertThat(ranking.toList())
                                .extracting(RankedVenue::venueIndex)
                                .containsExactly(0, 1));
    }

    @Test
    void refusesCoordinatesOffTheEarthAndHalfAHome() {
        VenueRanker ranker =
                new VenueRanker(World.of(1, 3, LISBON, few(), 1, LISBON, 0).catalog(), ScoringProfile.standard());
        InteractionMatrix none = InteractionMatrix.empty(1, 3);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> ranker.rank(new double[] {95.2}, new double[] {0}, none, 0, 1, 5, null, (r, v) -> {}))
                .withMessageContaining("row 0")
                .withMessageContaining("95.2");
        assertThatIllegalArgumentException()
                .isThrownBy(() ->
                        ranker.rank(new double[] {5}, new double[] {Double.NaN}, none, 0, 1, 5, null, (r, v) -> {}))
                .withMessageContaining("NaN for both");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> ranker.rank(new double[] {5}, new double[] {5}, none, 0, 1, 0, null, (r, v) -> {}))
                .withMessageContaining("k is 0");
    }

    private static void assertAgrees(
            String name, long seed, World world, ScoringProfile profile, @Nullable IntPredicate qualifies) {
        VenueRanker ranker = new VenueRanker(world.catalog(), profile);
        VenueRanker.Worker worker = ranker.newWorker();
        ReferenceRanker reference = new ReferenceRanker(world.catalog(), profile);
        Random random = new Random(seed);
        int users = world.users();
        for (int k : new int[] {1, 10, 50, 1000}) {
            int from = random.nextInt(users / 2 + 1);
            int to = k == 10 ? users : Math.min(users, from + 40);
            from = k == 10 ? 0 : from;
            List<List<RankedVenue>> blocks =
                    ranked(world, worker, from, to, k, qualifies == null ? null : World.only(ranker, qualifies));
            for (int row = from; row < to; row++) {
                assertThat(blocks.get(row - from))
                        .as("%s, seed %d, k %d, row %d", name, seed, k, row)
                        .isEqualTo(reference.rankVenues(
                                world.homeLat()[row], world.homeLng()[row], world.interactions(), row, k, qualifies));
            }
        }
    }

    private static List<List<RankedVenue>> ranked(
            World world, VenueRanker.Worker worker, int from, int to, int k, @Nullable VenueSelection selection) {
        List<List<RankedVenue>> rankings = new ArrayList<>();
        worker.rank(world.homeLat(), world.homeLng(), world.interactions(), from, to, k, selection, (row, ranking) -> {
            assertThat(row).isEqualTo(from + rankings.size());
            rankings.add(ranking.toList());
        });
        assertThat(rankings).hasSize(to - from);
        return rankings;
    }

    /** Points of a grid, so that many distances are equal. */
    private static World.Place grid(double degrees) {
        return random -> new double[] {random.nextInt(12) * degrees, random.nextInt(12) * degrees};
    }

    /** Places side by side on a parallel near the pole: seen from there, rounding alone tells their distances apart. */
    private static World.Place line(double degrees) {
        return random -> new double[] {89.99, random.nextInt(300) * degrees};
    }

    /** Companions are weighted as venues are: base, direct and category as nearness, preference and popularity. */
    private static ScoringProfile profile(
            double spatial, double preference, double popularity, double decay, double cap) {
        ScoringProfile standard = ScoringProfile.standard();
        return new ScoringProfile(
                spatial,
                preference,
                popularity,
                decay,
                standard.preferencePerLike(),
                standard.preferenceDwellSeconds(),
                cap,
                spatial,
                preference,
                popularity,
                standard.categoryPerLike(),
                standard.categoryDwellSeconds(),
                cap,
                standard.positiveTypes());
    }

    /** A world for each seed. */
    @FunctionalInterface
    interface SeededWorld {
        World of(long seed);
    }

    private static Arguments world(String name, SeededWorld drawn) {
        return Arguments.of(name, drawn);
    }
}
