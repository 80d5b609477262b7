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

import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.IntPredicate;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Groups against brute force: equal venues, order, scores and members' scores, bit for bit, for every strategy. */
class GroupRankerTest {

    private static final World.Place LISBON = near(38.72, -9.14, 4);
    private static final World.Place PORTO = near(41.15, -8.61, 3);
    private static final World.Place FIJI = near(-17.8, 180, 20);
    private static final World.Place POLES = oneOf(near(90, 0, 15), near(-90, 0, 15));

    /** A world of so many people, all of one group. */
    @FunctionalInterface
    interface Group {
        World of(long seed, int people);
    }

    static Stream<Arguments> groups() {
        return Stream.of(
                group("in one city", (s, p) -> World.of(s, 700, LISBON, zipf(), p, LISBON, 12)),
                group(
                        "in two cities",
                        (s, p) -> World.of(s, 700, oneOf(LISBON, PORTO), few(), p, oneOf(LISBON, PORTO), 12)),
                group("without likes", (s, p) -> World.of(s, 400, LISBON, equal(0), p, LISBON, 8)),
                group("all ties", (s, p) -> World.of(s, 300, at(10, 10), equal(3), p, at(10, 10.01), 0)),
                group("nothing to tell venues apart", (s, p) -> World.of(s, 200, LISBON, equal(0), p, homeless(), 0)),
                group("all at one point", (s, p) -> World.of(s, 200, at(0, 0), zipf(), p, at(0, 0), 5)),
                group("nobody has a home", (s, p) -> World.of(s, 300, LISBON, few(), p, homeless(), 10)),
                group("some have no home", (s, p) -> World.of(s, 300, LISBON, zipf(), p, oneOf(LISBON, homeless()), 9)),
                group("at the poles", (s, p) -> World.of(s, 300, POLES, few(), p, POLES, 5)),
                group("at the antimeridian", (s, p) -> World.of(s, 300, FIJI, few(), p, FIJI, 5)),
                group("all over the earth", (s, p) -> World.of(s, 500, anywhere(), zipf(), p, anywhere(), 5)),
                group("an ocean away", (s, p) -> World.of(s, 300, LISBON, equal(0), p, FIJI, 5)),
                group(
                        "where nearness underflows",
                        (s, p) -> World.of(s, 300, LISBON, equal(0), p, near(61, -9.1, 60), 5)),
                group("with one venue", (s, p) -> World.of(s, 1, LISBON, few(), p, LISBON, 1)),
                group("with no venue", (s, p) -> World.of(s, 0, LISBON, few(), p, LISBON, 0)),
                group("of regulars everywhere", (s, p) -> World.of(s, 150, LISBON, zipf(), p, LISBON, 400)));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("groups")
    void ranksAsTheReferenceDoes(String name, Group group) {
        for (int people : new int[] {1, 2, 3, 8, GroupRanker.MAX_MEMBERS}) {
            assertAgrees(name, people, group.of(people, people), ScoringProfile.standard(), null);
        }
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("groups")
    void ranksTheBestOfThoseThatQualify(String name, Group group) {
        World world = group.of(11, 5);
        assertAgrees(name, 11, world, ScoringProfile.standard(), venue -> venue % 3 == 1);
        assertAgrees(name, 11, world, ScoringProfile.standard(), venue -> venue % 41 == 7);
        assertAgrees(name, 11, world, ScoringProfile.standard(), venue -> false);
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("dev.luna.batch.scoring.VenueRankerTest#profiles")
    void agreesUnderAnyProfile(String name, ScoringProfile profile) {
        assertAgrees(name, 5, World.of(5, 400, oneOf(LISBON, PORTO), few(), 6, LISBON, 6), profile, null);
        assertAgrees(name, 6, World.of(6, 200, anywhere(), few(), 6, oneOf(anywhere(), homeless()), 6), profile, null);
    }

    @Test
    void groupScoreDoesNotDependOnTheOrderOfTheMembers() {
        World world = World.of(3, 500, LISBON, few(), 9, LISBON, 10);
        World turned = turned(world);
        for (GroupStrategy strategy : GroupStrategy.values()) {
            assertThat(ranked(turned, strategy, 20))
                    .usingRecursiveFieldByFieldElementComparatorIgnoringFields("members")
                    .isEqualTo(ranked(world, strategy, 20));
        }
    }

    @Test
    void venueThatIsNobodysFavouriteMayBeTheBestForAll() {
        // On one meridian, 0.05 degrees or 5.6 km apart: A's venue, the one half way, B's venue. Nobody likes anything.
        VenueCatalog catalog = VenueCatalog.of(
                UuidArray.of(new long[] {0, 1, 0, 2, 0, 3}),
                new double[] {0, 0.05, 0.1},
                new double[3],
                new int[] {-1, -1, -1},
                new int[3]);
        double[] homeLat = {0, 0.1};
        double[] homeLng = {0, 0};
        List<GroupRankedVenue> ranking = new GroupRanker(new VenueRanker(catalog, ScoringProfile.standard()))
                .rank(homeLat, homeLng, InteractionMatrix.empty(2, 3), GroupStrategy.LEAST_MISERY, 1, null);
        assertThat(ranking).extracting(GroupRankedVenue::venueIndex).containsExactly(1);
    }

    @Test
    void boundsExcludeNearlyAllVenues() {
        World world = World.of(4, 20_000, oneOf(LISBON, PORTO), zipf(), 8, LISBON, 10);
        AtomicInteger asked = new AtomicInteger();
        for (GroupStrategy strategy : GroupStrategy.values()) {
            asked.set(0);
            VenueRanker ranker = new VenueRanker(world.catalog(), ScoringProfile.standard());
            // The filter is asked about each venue that is looked at.
            new GroupRanker(ranker)
                    .rank(
                            world.homeLat(),
                            world.homeLng(),
                            world.interactions(),
                            strategy,
                            10,
                            World.only(ranker, venue -> {
                                asked.incrementAndGet();
                                return true;
                            }));
            assertThat(asked)
                    .as(strategy.name())
                    .hasValueLessThan(world.catalog().size() / 10);
        }
    }

    @Test
    void refusesGroupsThatAreNone() {
        World world = World.of(1, 3, LISBON, few(), 2, LISBON, 0);
        GroupRanker ranker = new GroupRanker(new VenueRanker(world.catalog(), ScoringProfile.standard()));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> ranker.rank(
                        new double[0], new double[0], InteractionMatrix.empty(0, 3), GroupStrategy.AVERAGE, 1, null))
                .withMessageContaining("0 interaction rows")
                .withMessageContaining("1 to 50");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> ranker.rank(
                        new double[] {1, 95.2},
                        new double[] {1, 1},
                        world.interactions(),
                        GroupStrategy.AVERAGE,
                        1,
                        null))
                .withMessageContaining("row 1")
                .withMessageContaining("95.2");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> ranker.rank(
                        world.homeLat(),
                        world.homeLng(),
                        InteractionMatrix.empty(2, 7),
                        GroupStrategy.AVERAGE,
                        1,
                        null))
                .withMessageContaining("over 7 venues");
    }

    private static void assertAgrees(
            String name, long seed, World world, ScoringProfile profile, @Nullable IntPredicate qualifies) {
        VenueRanker venues = new VenueRanker(world.catalog(), profile);
        GroupRanker ranker = new GroupRanker(venues);
        ReferenceRanker reference = new ReferenceRanker(world.catalog(), profile);
        VenueSelection selection = qualifies == null ? null : World.only(venues, qualifies);
        int k = 1 + new Random(seed).nextInt(30);
        for (GroupStrategy strategy : GroupStrategy.values()) {
            for (int length : new int[] {k, 1000}) {
                assertThat(ranker.rank(
                                world.homeLat(), world.homeLng(), world.interactions(), strategy, length, selection))
                        .as("%s, seed %d, %s, k %d, %d members", name, seed, strategy, length, world.users())
                        .isEqualTo(reference.rankGroup(
                                world.homeLat(), world.homeLng(), world.interactions(), strategy, length, qualifies));
            }
        }
    }

    private static List<GroupRankedVenue> ranked(World world, GroupStrategy strategy, int k) {
        return new GroupRanker(new VenueRanker(world.catalog(), ScoringProfile.standard()))
                .rank(world.homeLat(), world.homeLng(), world.interactions(), strategy, k, null);
    }

    /** The same people in the opposite order. */
    private static World turned(World world) {
        int n = world.users();
        double[] lat = new double[n];
        double[] lng = new double[n];
        InteractionMatrix.Builder rows =
                InteractionMatrix.builder(world.catalog().size());
        InteractionMatrix own = world.interactions();
        for (int row = n - 1; row >= 0; row--) {
            lat[n - 1 - row] = world.homeLat()[row];
            lng[n - 1 - row] = world.homeLng()[row];
            for (int e = own.offset(row); e < own.offset(row + 1); e++) {
                rows.add(own.venue(e), own.likes(e), own.seconds(e));
            }
            rows.endRow();
        }
        return new World(world.catalog(), lat, lng, rows.build(), world.graph());
    }

    private static Arguments group(String name, Group group) {
        return Arguments.of(name, group);
    }
}
