package dev.luna.batch.scoring;

import java.util.List;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/** What the exact first 50 venues of one user cost, in blocks of 512 neighbouring users. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Fork(1)
@Warmup(iterations = 3, time = 2)
@Measurement(iterations = 5, time = 2)
@SuppressWarnings("NullAway.Init") // JMH fills in parameters and then calls build()
public class VenueRankerBenchmark {

    private static final int K = 50;
    private static final int CHECKED = 32;

    /** Number of venues, a multiple of 500. */
    @Param("20000")
    public int venues;

    private ClusteredWorld world;
    private VenueRanker.Worker worker;
    private Blocks blocks;

    /** Draws the world and compares users spread over it with brute force. */
    @Setup
    public void build() {
        world = ClusteredWorld.of(venues);
        worker = new VenueRanker(world.catalog(), ScoringProfile.standard()).newWorker();
        blocks = new Blocks(world.users());
        ReferenceRanker reference = new ReferenceRanker(world.catalog(), ScoringProfile.standard());
        for (int i = 0; i < CHECKED; i++) {
            int checked = (int) ((long) world.users() * i / CHECKED);
            int first = Math.min(checked / Blocks.USERS * Blocks.USERS, world.users() - Blocks.USERS);
            rank(first, (row, ranking) -> {
                if (row == checked) {
                    requireEqual(
                            row,
                            reference.rankVenues(world.homeLat()[row], world.homeLng()[row], world.own(), row, K, null),
                            ranking.toList());
                }
            });
        }
    }

    /** One block. */
    @Benchmark
    @OperationsPerInvocation(Blocks.USERS)
    public double venues() {
        double[] sum = new double[1];
        rank(blocks.next(), (row, ranking) -> sum[0] += ranking.score(ranking.size() - 1));
        return sum[0];
    }

    private void rank(int first, VenueRanker.Sink sink) {
        worker.rank(world.homeLat(), world.homeLng(), world.own(), first, first + Blocks.USERS, K, null, sink);
    }

    static <T> void requireEqual(int row, List<T> expected, List<T> ranked) {
        if (!ranked.equals(expected)) {
            throw new IllegalStateException("row " + row + " is ranked " + ranked + "; brute force says " + expected);
        }
    }
}
