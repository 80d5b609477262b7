package dev.luna.batch.scoring;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.IntUnaryOperator;

/**
 * What scoring costs per user as the number of venues grows at equal density: time of one thread, for ranking 50 venues,
 * and for those with companions in general, at the first 10 venues, and packing.
 */
public final class ScaleBenchmark {

    private static final int K = 50;
    private static final int COMPANIONS = 20;
    private static final int COMPANION_VENUES = 10;
    private static final int COMPANIONS_AT_A_VENUE = 10;
    private static final int MOST_USERS = 100_000;

    /** As in the benchmark data of the database. */
    private static final double POPULATION_EXPONENT = 0.6;

    private static final int PASSES = 3;
    private static final int CHECKED = 32;

    private final ClusteredWorld world;
    private final VenueRanker.Worker venues;
    private final CompanionRanker.Worker companions;
    private final VenueRankingCodec venueCodec;
    private final CompanionEncoder encoder;
    private final int[] firstVenues = new int[COMPANION_VENUES];

    /**
     * A point of the curve.
     *
     * @param venues number of venues
     * @param users number of users that were ranked
     * @param venueMicros microseconds a user for ranking venues
     * @param allMicros microseconds a user for everything
     */
    public record Point(int venues, int users, double venueMicros, double allMicros) {}

    private ScaleBenchmark(int venueCount) {
        ScoringProfile profile = ScoringProfile.standard();
        world = ClusteredWorld.of(venueCount, POPULATION_EXPONENT, MOST_USERS);
        venues = new VenueRanker(world.catalog(), profile).newWorker();
        companions = new CompanionRanker(world.catalog(), world.own(), world.graph(), profile).newWorker();
        venueCodec = new VenueRankingCodec(world.catalog(), profile);
        long[] halves = new long[2 * world.users()];
        Arrays.setAll(halves, i -> i % 2 * (i / 2));
        encoder = new CompanionEncoder(UuidArray.of(halves));
    }

    /**
     * Measures one number of venues, a positive multiple of 500: the median of three passes after one that warms up. Before,
     * it compares 32 users, spread evenly, with brute force: the venues each is given in his block, and his companions in
     * general and at the first of them.
     *
     * @throws IllegalStateException if one of those rankings is not that of brute force
     */
    public static Point measure(int venueCount) {
        ScaleBenchmark benchmark = new ScaleBenchmark(venueCount);
        benchmark.check();
        benchmark.venuesPass();
        benchmark.fullPass();
        List<Double> venueMicros = new ArrayList<>();
        List<Double> allMicros = new ArrayList<>();
        for (int pass = 0; pass < PASSES; pass++) {
            venueMicros.add(benchmark.timed(benchmark::venuesPass));
            allMicros.add(benchmark.timed(benchmark::fullPass));
        }
        return new Point(venueCount, benchmark.world.users(), median(venueMicros), median(allMicros));
    }

    private void check() {
        ReferenceRanker reference = new ReferenceRanker(world.catalog(), ScoringProfile.standard());
        for (int i = 0; i < CHECKED; i++) {
            int checked = (int) ((long) world.users() * i / CHECKED);
            rankBlock(checked / Blocks.USERS * Blocks.USERS, (row, ranking) -> {
                if (row == checked) {
                    check(reference, row, ranking);
                }
            });
        }
    }

    private void check(ReferenceRanker reference, int row, VenueRanking ranking) {
        VenueRankerBenchmark.requireEqual(
                row,
                reference.rankVenues(world.homeLat()[row], world.homeLng()[row], world.own(), row, K, null),
                ranking.toList());
        VenueRankerBenchmark.requireEqual(
                row,
                companionsOf(reference, row, -1, COMPANIONS),
                companions.rank(row, COMPANIONS).toList());
        rankAtFirst(
                row,
                ranking,
                (venue, at) -> VenueRankerBenchmark.requireEqual(
                        row, companionsOf(reference, row, venue, COMPANIONS_AT_A_VENUE), at.toList()));
    }

    private List<RankedCompanion> companionsOf(ReferenceRanker reference, int row, int venue, int k) {
        return reference.rankCompanions(world.graph(), world.own(), IntUnaryOperator.identity(), row, venue, k);
    }

    private double timed(Runnable pass) {
        long start = System.nanoTime();
        pass.run();
        return (System.nanoTime() - start) / 1e3 / world.users();
    }

    private void venuesPass() {
        forEachBlock((row, ranking) -> {});
    }

    private void fullPass() {
        forEachBlock((row, ranking) -> {
            venueCodec.encode(ranking);
            encoder.begin(companions.rank(row, COMPANIONS));
            rankAtFirst(row, ranking, encoder);
            encoder.finish();
        });
    }

    /** Companions at the first of the ranked venues. */
    private void rankAtFirst(int row, VenueRanking ranking, CompanionRanker.Sink sink) {
        int n = Math.min(COMPANION_VENUES, ranking.size());
        for (int i = 0; i < n; i++) {
            firstVenues[i] = ranking.venue(i);
        }
        companions.rankAt(row, firstVenues, n, COMPANIONS_AT_A_VENUE, sink);
    }

    private void forEachBlock(VenueRanker.Sink sink) {
        for (int first = 0; first < world.users(); first += Blocks.USERS) {
            rankBlock(first, sink);
        }
    }

    private void rankBlock(int first, VenueRanker.Sink sink) {
        venues.rank(
                world.homeLat(),
                world.homeLng(),
                world.own(),
                first,
                Math.min(world.users(), first + Blocks.USERS),
                K,
                null,
                sink);
    }

    private static double median(List<Double> values) {
        return values.stream().sorted().skip(values.size() / 2).findFirst().orElseThrow();
    }
}
