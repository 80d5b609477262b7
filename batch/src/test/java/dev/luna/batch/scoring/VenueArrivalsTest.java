package dev.luna.batch.scoring;

import static dev.luna.batch.scoring.World.equal;
import static dev.luna.batch.scoring.World.few;
import static dev.luna.batch.scoring.World.homeless;
import static dev.luna.batch.scoring.World.near;
import static dev.luna.batch.scoring.World.oneOf;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.UUID;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Whom arrivals concern, against the rankings themselves, with and without them. */
class VenueArrivalsTest {

    private static final ScoringProfile STANDARD = ScoringProfile.standard();
    private static final World.Place TOWN = near(38.72, -9.14, 4);
    private static final int K = 10;

    static Stream<World> worlds() {
        return IntStream.rangeClosed(1, 5)
                .boxed()
                .flatMap(seed -> Stream.of(
                        World.of(seed, 60, TOWN, few(), 200, oneOf(TOWN, homeless()), 0),
                        World.of(seed, 60, TOWN, equal(0), 100, homeless(), 0),
                        // Fewer than a ranking takes.
                        World.of(seed, 8, TOWN, few(), 50, oneOf(TOWN, homeless()), 0),
                        // Ties of all kinds of scores, some of which are rounded up when they are stored.
                        World.of(seed, 80, oneOf(FEW_CORNERS), equal(0), 200, TOWN, 0)));
    }

    private static final World.Place[] FEW_CORNERS = IntStream.range(0, 6)
            .mapToObj(corner -> World.at(38.7 + corner * 0.01, -9.14))
            .toArray(World.Place[]::new);

    @ParameterizedTest
    @MethodSource("worlds")
    void everybodyWhoseRankingTheyEnterIsFoundAndElseOnlyWhoseLastVenueTies(World world) {
        VenueCatalog known = every(world.catalog(), 1);
        VenueCatalog arrivals = every(world.catalog(), 0);
        List<List<UUID>> before = new ArrayList<>();
        float[] lastScore = new float[world.users()];
        rank(world, known, K, (row, ranking) -> {
            before.add(ids(known, ranking));
            lastScore[row] = ranking.size() < K ? Float.NEGATIVE_INFINITY : (float) ranking.score(ranking.size() - 1);
        });
        BitSet reached = new BitSet();

        new VenueArrivals(arrivals, STANDARD).reach(world.homeLat(), world.homeLng(), lastScore, reached::set);

        BitSet entered = new BitSet();
        rank(world, world.catalog(), K, (row, ranking) -> {
            entered.set(row, !ids(world.catalog(), ranking).equals(before.get(row)));
        });
        BitSet tied = new BitSet();
        rank(world, arrivals, 1, (row, ranking) -> tied.set(row, (float) ranking.score(0) == lastScore[row]));
        assertThat(entered.cardinality()).isPositive();
        assertThat(minus(entered, reached)).as("lost").isEqualTo(new BitSet());
        assertThat(minus(minus(reached, entered), tied)).as("found in vain").isEqualTo(new BitSet());
    }

    /** Every other venue of a catalog, under its popularity. */
    private static VenueCatalog every(VenueCatalog all, int odd) {
        int[] kept = IntStream.range(0, all.size()).filter(v -> v % 2 == odd).toArray();
        return VenueCatalog.of(
                UuidArray.of(IntStream.of(kept).mapToObj(all::id).toList()),
                IntStream.of(kept).mapToDouble(all::latDegrees).toArray(),
                IntStream.of(kept).mapToDouble(all::lngDegrees).toArray(),
                IntStream.of(kept).map(all::category).toArray(),
                IntStream.of(kept).map(all::likes).toArray(),
                all.maxLikes());
    }

    private static void rank(World world, VenueCatalog catalog, int k, VenueRanker.Sink sink) {
        new VenueRanker(catalog, STANDARD)
                .rank(
                        world.homeLat(),
                        world.homeLng(),
                        InteractionMatrix.empty(world.users(), catalog.size()),
                        0,
                        world.users(),
                        k,
                        null,
                        sink);
    }

    private static List<UUID> ids(VenueCatalog catalog, VenueRanking ranking) {
        return ranking.toList().stream()
                .map(venue -> catalog.id(venue.venueIndex()))
                .toList();
    }

    private static BitSet minus(BitSet from, BitSet these) {
        BitSet rest = (BitSet) from.clone();
        rest.andNot(these);
        return rest;
    }
}
