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
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.IntPredicate;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Rankings with facets and circles against the brute-force definition: nodes that are left out never held a candidate. */
class VenueSelectionTest {

    private static final World.Place LISBON = near(38.72, -9.14, 4);
    private static final World.Place PORTO = near(41.15, -8.61, 3);
    private static final World.Place FIJI = near(-17.8, 180, 20);

    static Stream<Arguments> worlds() {
        return Stream.of(
                world("two cities", s -> World.of(s, 900, oneOf(LISBON, PORTO), zipf(), 40, oneOf(LISBON, PORTO), 12)),
                world("no likes", s -> World.of(s, 500, LISBON, equal(0), 30, LISBON, 8)),
                world("all ties", s -> World.of(s, 300, at(10, 10), equal(3), 20, at(10, 10.01), 5)),
                world("at home", s -> World.of(s, 300, at(10, 10), few(), 20, at(10, 10), 5)),
                world("some have no home", s -> World.of(s, 400, LISBON, zipf(), 40, oneOf(LISBON, homeless()), 10)),
                world("antimeridian", s -> World.of(s, 400, FIJI, few(), 30, FIJI, 5)),
                world("whole earth", s -> World.of(s, 600, anywhere(), zipf(), 40, anywhere(), 5)),
                world("an ocean away", s -> World.of(s, 300, LISBON, few(), 20, FIJI, 5)),
                world("one venue", s -> World.of(s, 1, LISBON, few(), 10, LISBON, 2)),
                world("no venue", s -> World.of(s, 0, LISBON, few(), 5, LISBON, 0)),
                world("regulars everywhere", s -> World.of(s, 150, LISBON, zipf(), 20, LISBON, 400)));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("worlds")
    void nothingThatQualifiesIsLost(String name, SeededWorld drawn) {
        for (long seed = 1; seed <= 4; seed++) {
            World world = drawn.of(seed);
            Random random = new Random(seed);
            VenueRanker ranker = new VenueRanker(world.catalog(), ScoringProfile.standard());
            ReferenceRanker reference = new ReferenceRanker(world.catalog(), ScoringProfile.standard());
            long[] bits = bits(random, world.catalog().size());
            VenueFacets facets = VenueFacets.of(ranker, bits);
            for (int row = 0; row < world.users(); row++) {
                PersonalScores.Circle circle = random.nextBoolean() ? circle(random, world, row) : null;
                long[] wanted = wanted(random);
                // Beyond the conditions, the test refuses some by itself.
                IntPredicate qualifies = venue ->
                        (circle == null || circle.contains(venue)) && meets(bits[venue], wanted) && venue % 7 != 3;
                VenueSelection selection =
                        VenueSelection.of(qualifies, facets, wanted, circle == null ? List.of() : List.of(circle));
                int k = 1 + random.nextInt(random.nextBoolean() ? 12 : 500);
                assertThat(ranked(world, ranker, row, k, selection))
                        .as("%s, seed %d, row %d, k %d", name, seed, row, k)
                        .isEqualTo(reference.rankVenues(
                                world.homeLat()[row], world.homeLng()[row], world.interactions(), row, k, qualifies));
            }
        }
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("worlds")
    void nothingThatQualifiesForAGroupIsLost(String name, SeededWorld drawn) {
        World world = drawn.of(9);
        Random random = new Random(9);
        VenueRanker ranker = new VenueRanker(world.catalog(), ScoringProfile.standard());
        ReferenceRanker reference = new ReferenceRanker(world.catalog(), ScoringProfile.standard());
        long[] bits = bits(random, world.catalog().size());
        VenueFacets facets = VenueFacets.of(ranker, bits);
        for (int question = 0; question < 20; question++) {
            List<PersonalScores.Circle> circles = new ArrayList<>();
            for (int row = 0; question % 2 == 0 && row < world.users(); row++) {
                circles.add(circle(random, world, row));
            }
            long[] wanted = wanted(random);
            IntPredicate qualifies =
                    venue -> circles.stream().allMatch(circle -> circle.contains(venue)) && meets(bits[venue], wanted);
            int k = 1 + random.nextInt(40);
            for (GroupStrategy strategy : GroupStrategy.values()) {
                assertThat(new GroupRanker(ranker)
                                .rank(
                                        world.homeLat(),
                                        world.homeLng(),
                                        world.interactions(),
                                        strategy,
                                        k,
                                        VenueSelection.of(qualifies, facets, wanted, circles)))
                        .as("%s, question %d, %s, k %d", name, question, strategy, k)
                        .isEqualTo(reference.rankGroup(
                                world.homeLat(), world.homeLng(), world.interactions(), strategy, k, qualifies));
            }
        }
    }

    @Test
    void onlyVenuesWithAWantedFacetAreTested() {
        World world = World.of(4, 20_000, oneOf(LISBON, PORTO), zipf(), 8, oneOf(LISBON, homeless(), FIJI), 10);
        VenueRanker ranker = new VenueRanker(world.catalog(), ScoringProfile.standard());
        long[] bits = new long[world.catalog().size()];
        bits[77] = 0b01;
        bits[7_777] = 0b11;
        VenueFacets facets = VenueFacets.of(ranker, bits);
        for (int row = 0; row < world.users(); row++) {
            AtomicInteger tested = new AtomicInteger();
            IntPredicate counting = venue -> {
                tested.incrementAndGet();
                return true;
            };
            assertThat(ranked(world, ranker, row, 10, VenueSelection.of(counting, facets, new long[] {1}, List.of())))
                    .extracting(RankedVenue::venueIndex)
                    .containsExactlyInAnyOrder(77, 7_777);
            assertThat(ranked(
                            world, ranker, row, 10, VenueSelection.of(counting, facets, new long[] {1, 2}, List.of())))
                    .extracting(RankedVenue::venueIndex)
                    .containsExactly(7_777);
            // Each at most in both walks over the tree.
            assertThat(tested).hasValueLessThanOrEqualTo(6);
        }
    }

    @Test
    void onlyVenuesNearTheCircleAreTested() {
        World world = World.of(5, 20_000, near(38.72, -9.14, 20), zipf(), 8, near(38.72, -9.14, 40), 0);
        VenueRanker ranker = new VenueRanker(world.catalog(), ScoringProfile.standard());
        VenueFacets facets = VenueFacets.of(ranker, new long[world.catalog().size()]);
        for (int row = 0; row < world.users(); row++) {
            PersonalScores.Circle circle = new PersonalScores(
                            world.catalog(), ScoringProfile.standard(), world.homeLat()[row], world.homeLng()[row])
                    .circle(0.3);
            AtomicInteger tested = new AtomicInteger();
            IntPredicate counting = venue -> {
                tested.incrementAndGet();
                return circle.contains(venue);
            };
            // More than there are within 300 m, so no threshold helps.
            ranked(world, ranker, row, 5_000, VenueSelection.of(counting, facets, new long[0], List.of(circle)));
            assertThat(tested).hasValueLessThan(2_000);
        }
    }

    /** Where a venue is on the circle itself, rounding must not put it on the other side. */
    @ParameterizedTest(name = "{0}")
    @MethodSource("worlds")
    void aCircleHoldsWhoIsAtMostTheRadiusAway(String name, SeededWorld drawn) {
        World world = drawn.of(7);
        for (int row = 0; row < Math.min(10, world.users()); row++) {
            PersonalScores scores = new PersonalScores(
                    world.catalog(), ScoringProfile.standard(), world.homeLat()[row], world.homeLng()[row]);
            for (int venue = 0; venue < world.catalog().size(); venue++) {
                double km = scores.distanceKm(venue);
                assertThat(scores.circle(Double.isNaN(km) ? 20_100 : km).contains(venue))
                        .as("%s, row %d, venue %d at %s km", name, row, venue, km)
                        .isEqualTo(!Double.isNaN(km));
                assertThat(km > 0 && scores.circle(Math.nextDown(km)).contains(venue))
                        .as("%s, row %d, venue %d beyond", name, row, venue)
                        .isFalse();
            }
        }
    }

    @Test
    void refusesFacetsOfAnotherRanker() {
        World world = World.of(1, 30, LISBON, few(), 2, LISBON, 0);
        VenueRanker ranker = new VenueRanker(world.catalog(), ScoringProfile.standard());
        VenueRanker other = new VenueRanker(world.catalog(), ScoringProfile.standard());
        VenueSelection selection =
                VenueSelection.of(venue -> true, VenueFacets.of(other, new long[30]), new long[0], List.of());
        assertThatIllegalArgumentException()
                .isThrownBy(() -> ranked(world, ranker, 0, 5, selection))
                .withMessageContaining("another ranker");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> VenueFacets.of(ranker, new long[29]))
                .withMessageContaining("29 entries; expected 30");
    }

    /** Each bit at one venue in 3, 9, 27, ... so that some are everywhere and some nowhere. */
    private static long[] bits(Random random, int venues) {
        long[] bits = new long[venues];
        for (int venue = 0; venue < venues; venue++) {
            for (int bit = 0, oneIn = 3; bit < 6; bit++, oneIn *= 3) {
                bits[venue] |= random.nextInt(oneIn) == 0 ? 1L << bit : 0;
            }
        }
        return bits;
    }

    private static long[] wanted(Random random) {
        return random.longs(random.nextInt(3), 1, 64).toArray();
    }

    private static boolean meets(long bits, long[] wanted) {
        for (long any : wanted) {
            if ((bits & any) == 0) {
                return false;
            }
        }
        return true;
    }

    /** Around the user's home, up to the distance of some venue exactly. */
    private static PersonalScores.Circle circle(Random random, World world, int row) {
        PersonalScores scores = new PersonalScores(
                world.catalog(), ScoringProfile.standard(), world.homeLat()[row], world.homeLng()[row]);
        int venues = world.catalog().size();
        double km = venues == 0 ? 1 : scores.distanceKm(random.nextInt(venues));
        return scores.circle(Double.isNaN(km) ? 1 : km);
    }

    private static List<RankedVenue> ranked(World world, VenueRanker ranker, int row, int k, VenueSelection selection) {
        List<RankedVenue> ranked = new ArrayList<>();
        ranker.rank(
                world.homeLat(),
                world.homeLng(),
                world.interactions(),
                row,
                row + 1,
                k,
                selection,
                (r, ranking) -> ranked.addAll(ranking.toList()));
        return ranked;
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
