package dev.luna.batch.scoring;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.IntUnaryOperator;
import java.util.stream.IntStream;

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
    private static final int CHECKED = 8;

    private final ClusteredWorld world;
    private final VenueRanker.Worker venues;
    private final CompanionRanker.Worker companions;
    private final VenueRankingCodec venueCodec;
    private final CompanionRankingCodec.Encoder encoder;
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
        encoder = new CompanionRankingCodec(world.catalog(), profile).newEncoder(UuidArray.of(halves));
    }

    /**
     * Measures one number of venues, a positive multiple of 500: the median of three passes after one that warms up.
     *
     * @throws IllegalStateException if a ranking is not that of brute force
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
        IntStream.range(0, CHECKED)
                .map(i -> (int) ((long) world.users() * i / CHECKED))
                .forEach(row -> venues.rank(
                        world.homeLat(),
                        world.homeLng(),
                        world.own(),
                        row,
                        row + 1,
                        K,
                        null,
                        (same, ranking) -> VenueRankerBenchmark.requireEqual(
                                row,
                                reference.rankVenues(
                                        world.homeLat()[row], world.homeLng()[row], world.own(), row, K, null),
                                ranking.toList())));
        int row = world.users() / 2;
        VenueRankerBenchmark.requireEqual(
                row,
                reference.rankCompanions(world.graph(), world.own(), IntUnaryOperator.identity(), row, -1, COMPANIONS),
                companions.rank(row, COMPANIONS).toList());
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
            int n = Math.min(COMPANION_VENUES, ranking.size());
            for (int i = 0; i < n; i++) {
                firstVenues[i] = ranking.venue(i);
            }
            companions.rankAt(row, firstVenues, n, COMPANIONS_AT_A_VENUE, encoder);
            encoder.finish();
        });
    }

    private void forEachBlock(VenueRanker.Sink sink) {
        for (int first = 0; first < world.users(); first += Blocks.USERS) {
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
    }

    private static double median(List<Double> values) {
        return values.stream().sorted().skip(values.size() / 2).findFirst().orElseThrow();
    }
}
