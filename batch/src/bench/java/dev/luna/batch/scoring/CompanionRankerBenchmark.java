package dev.luna.batch.scoring;

import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.IntUnaryOperator;
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

/** What one user's first 20 companions in general and first 10 at each of his first 10 venues cost. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Fork(1)
@Warmup(iterations = 3, time = 2)
@Measurement(iterations = 5, time = 2)
@SuppressWarnings("NullAway.Init") // JMH fills in parameters and then calls build()
public class CompanionRankerBenchmark {

    private static final int IN_GENERAL = 20;
    private static final int VENUES = 10;
    private static final int AT_A_VENUE = 10;
    private static final int CHECKED = 32;

    /** Number of venues, a multiple of 500. */
    @Param("20000")
    public int venues;

    private ClusteredWorld world;
    private CompanionRanker.Worker worker;
    private Blocks blocks;
    private int[][] firstVenues;

    /** Draws the world, ranks its venues, and compares users spread over it with brute force. */
    @Setup
    public void build() {
        world = ClusteredWorld.of(venues);
        worker =
                new CompanionRanker(world.catalog(), world.own(), world.graph(), ScoringProfile.standard()).newWorker();
        blocks = new Blocks(world.users());
        firstVenues = new int[world.users()][VENUES];
        VenueRanker ranker = new VenueRanker(world.catalog(), ScoringProfile.standard());
        ranker.rank(world.homeLat(), world.homeLng(), world.own(), 0, world.users(), VENUES, null, (row, ranking) -> {
            for (int i = 0; i < VENUES; i++) {
                firstVenues[row][i] = ranking.venue(i);
            }
        });
        for (int i = 0; i < CHECKED; i++) {
            check((int) ((long) world.users() * i / CHECKED));
        }
    }

    private void check(int row) {
        ReferenceRanker reference = new ReferenceRanker(world.catalog(), ScoringProfile.standard());
        VenueRankerBenchmark.requireEqual(
                row,
                expected(reference, row, -1, IN_GENERAL),
                worker.rank(row, IN_GENERAL).toList());
        worker.rankAt(
                row,
                firstVenues[row],
                VENUES,
                AT_A_VENUE,
                (venue, ranking) -> VenueRankerBenchmark.requireEqual(
                        row, expected(reference, row, venue, AT_A_VENUE), ranking.toList()));
    }

    private List<RankedCompanion> expected(ReferenceRanker reference, int row, int venue, int k) {
        return reference.rankCompanions(world.graph(), world.own(), IntUnaryOperator.identity(), row, venue, k);
    }

    /** One block. */
    @Benchmark
    @OperationsPerInvocation(Blocks.USERS)
    public double companions() {
        double[] sum = new double[1];
        int first = blocks.next();
        for (int row = first; row < first + Blocks.USERS; row++) {
            CompanionRanking general = worker.rank(row, IN_GENERAL);
            sum[0] += general.size() == 0 ? 0 : general.score(0);
            worker.rankAt(
                    row,
                    firstVenues[row],
                    VENUES,
                    AT_A_VENUE,
                    (venue, ranking) -> sum[0] += ranking.size() == 0 ? 0 : ranking.score(0));
        }
        return sum[0];
    }
}
